"""One row of a foreign file, read into a draft; or the reason why it cannot be."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from impact.incidents.draft import DraftError, ReportDraft, check_draft
from impact.incidents.importing.columns import (
    ACLED_DAYS,
    ACLED_WHERE_M,
    UCDP_WHERE_M,
    harm_of,
    perpetrator_of,
)
from impact.places.importing.countries import country_code
from impact.vocabulary import Channel, Harm, PeopleKind

_LINK = re.compile(r"https?://[^\s,;|]+")
_PARTS = re.compile(r"\s*[,;|]\s*")
_DAY_FORMS = ("%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y")


class RowRefused(ValueError):
    """A row that cannot become a report; the message says why."""


@dataclass(slots=True)
class RowReading:
    """A draft, and what of the row was not understood."""

    draft: ReportDraft
    doubts: list[str] = field(default_factory=list)


def read_row(
    values: Mapping[str, str],
    columns: Mapping[str, str],
    *,
    source: str,
    harms: Mapping[str, Harm],
    now: datetime,
    is_fictional: bool,
) -> RowReading:
    """Read a row whose `columns` are known. Raises RowRefused."""
    given = {name: values.get(column, "").strip() for name, column in columns.items()}
    if not given.get("id"):
        raise RowRefused("it has no identifier of its own: importing again would double it")
    doubts: list[str] = []
    point, uncertainty_m, is_country_only = _place(given, doubts)
    first, last = _days(given, doubts)
    received_at = _moment(given.get("received", ""), doubts) or now
    if first and received_at.date() < first:
        received_at = now  # the other system's clock or date is wrong: what happened goes before
    chosen = _harms(given, harms, doubts)
    draft = ReportDraft(
        channel=Channel.IMPORT,
        source_key=f"import:{source}:{given['id']}"[:200],
        text=_text(given),
        received_at=min(received_at, now),
        language=given.get("language", "")[:2].lower(),
        sender_country=country_code(given.get("country", "")),
        place_words=given.get("place", "")[:500],
        point=point,
        point_uncertainty_m=uncertainty_m,
        is_country_only=is_country_only,
        occurred_from=first,
        occurred_to=last,
        harms=chosen,
        people=_people(given, doubts),
        perpetrator=perpetrator_of(given.get("perpetrator", "")),
        is_fictional=is_fictional,
    )
    try:
        check_draft(draft)
    except DraftError as error:
        raise RowRefused(f"{error.field}: {error.message}") from None
    return RowReading(draft, doubts)


def _text(given: Mapping[str, str]) -> str:
    """Title, description, and the links to media: words of the other system, kept as they are."""
    parts = [given.get("title", ""), given.get("text", "")]
    links = [link for link in _LINK.findall(given.get("media", "")) if link not in " ".join(parts)]
    text = "\n\n".join(dict.fromkeys(part for part in parts if part))
    if links:
        text = "\n\n".join(filter(None, (text, "\n".join(links))))
    if not text:
        text = given.get("place", "") or given.get("categories", "")
    return text


def _place(
    given: Mapping[str, str], doubts: list[str]
) -> tuple[tuple[float, float] | None, float | None, bool]:
    """The point, its uncertainty in metres, and whether the source says that it knows the country only."""
    latitude, longitude = (_number(given.get(name, ""), name, doubts) for name in ("lat", "lon"))
    if latitude is None or longitude is None:
        return None, None, _is_country_only(given)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RowRefused(f"there is no such point: latitude {latitude:g}, longitude {longitude:g}")
    if (latitude, longitude) == (0.0, 0.0):
        doubts.append("0, 0 is no place: left out")
        return None, None, _is_country_only(given)
    uncertainty_m = _number(given.get("uncertainty", ""), "uncertainty", doubts)
    for name, table in (("where_prec", UCDP_WHERE_M), ("geo_precision", ACLED_WHERE_M)):
        if code := given.get(name, "").removesuffix(".0"):
            if code not in table:
                doubts.append(f"{name} {code!r} is not a code that is known here")
            elif table[code] is None:
                return None, None, True  # a point would be a claim, also one out of the words
            else:
                uncertainty_m = max(uncertainty_m or 0.0, table[code] or 0.0)
    return (longitude, latitude), uncertainty_m, False


def _is_country_only(given: Mapping[str, str]) -> bool:
    code = given.get("where_prec", "").removesuffix(".0")
    return code in UCDP_WHERE_M and UCDP_WHERE_M[code] is None


def _days(given: Mapping[str, str], doubts: list[str]) -> tuple[date | None, date | None]:
    first, last = (_day(given.get(name, ""), doubts) for name in ("from", "to"))
    if first and not last and (days := ACLED_DAYS.get(given.get("time_precision", ""))):
        if days == 7:
            first -= timedelta(days=first.weekday())
        elif days == 31:
            first = first.replace(day=1)
        last = first + timedelta(days=days - 1)
        if days == 31:
            last = last.replace(day=1) - timedelta(days=1) if last.month != first.month else last
    if first and last and last < first:
        raise RowRefused(f"it ends ({last}) before it begins ({first})")
    return first, last


def _day(text: str, doubts: list[str]) -> date | None:
    if not text:
        return None
    plain = text.strip().removesuffix("Z")
    try:
        return datetime.fromisoformat(plain).date()
    except ValueError:
        pass
    for form in _DAY_FORMS:
        for part in (plain, plain.split(" ")[0]):
            try:
                return datetime.strptime(part, form).replace(tzinfo=UTC).date()
            except ValueError:
                continue
    doubts.append(f"{text!r} is not a day that can be read")
    return None


def _moment(text: str, doubts: list[str]) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        day = _day(text, doubts)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _harms(given: Mapping[str, str], chosen: Mapping[str, Harm], doubts: list[str]) -> tuple[Harm, ...]:
    found = []
    for word in filter(None, _PARTS.split(given.get("categories", ""))):
        harm = harm_of(word, chosen)
        if harm is None:
            doubts.append(f"category {word!r} is none that is known here: name it with --category")
        else:
            found.append(harm)
    return tuple(dict.fromkeys(found))


def _people(given: Mapping[str, str], doubts: list[str]) -> tuple[tuple[PeopleKind, int], ...]:
    counted = []
    for kind in (PeopleKind.KILLED, PeopleKind.INJURED):
        number = _number(given.get(kind.value, ""), kind.value, doubts)
        if number is not None and number >= 0:
            counted.append((kind, int(number)))
    return tuple(counted)


def _number(text: str, name: str, doubts: list[str]) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        number = float("nan")
    if number != number or number in (float("inf"), float("-inf")):
        doubts.append(f"{name} {text!r} is not a number")
        return None
    return number
