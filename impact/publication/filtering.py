"""One filter for the map, the list, the API, the exports and the commands, with the same names everywhere."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from pyproj import Geod

from impact.formats.days import day_words
from impact.formats.joining import joined
from impact.places.basemap import country_codes, country_name
from impact.places.boxes import Box, split_box
from impact.places.models import ProducingArea
from impact.places.nearness.areas import boxes_around
from impact.publication.filter_labels import filter_label
from impact.publication.models import PublishedIncident, PublishedLink
from impact.vocabulary import AreaKind, Harm, Mineral, Perpetrator, Theme, Verification

PARAMETERS = (
    "theme",
    "harm",
    "country",
    "area",
    "from",
    "to",
    "perpetrator",
    "verification",
    "kind",
    "mineral",
    "near",
    "bbox",
)
_WGS84 = Geod(ellps="WGS84")
_FARTHEST_KM = 1000.0


class FilterError(ValueError):
    """A filter that cannot be: `parameter` names it, `message` says why (translated).

    Pages name it by `label`, as its field does, with the word that stands in the address. `called`: what the
    field is called on a page where the parameter means something else.
    """

    def __init__(self, parameter: str, message: str, called: str = "") -> None:
        super().__init__(f"{parameter}: {message}")
        self.parameter = parameter
        self.message = message
        self.called = called

    @property
    def label(self) -> str:
        name = self.called or filter_label(self.parameter)
        return f"{name} ({self.parameter})" if name else self.parameter

    @property
    def told(self) -> str:
        return f"{self.label}: {self.message}"


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which published incidents. An empty field does not narrow.

    `near` is (longitude, latitude, kilometres); `bbox` is (west, south, east, north), WGS 84
    degrees, west greater than east across the antimeridian. `kind` and `mineral` are those of the
    nearest producing area. Days are inclusive and touch what happened on any day between them.
    """

    theme: tuple[str, ...] = ()
    harm: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    area: int | None = None
    from_on: date | None = None
    to_on: date | None = None
    perpetrator: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    mineral: tuple[str, ...] = ()
    near: tuple[float, float, float] | None = None
    bbox: Box | None = None

    @classmethod
    def parse(cls, parameters: Mapping[str, Any]) -> "IncidentFilter":
        """Read a filter from query parameters or `--filter k=v` pairs; lists are comma-separated.

        `from` and `to` take a day (2026-06-30) or a month (2026-06). Raises FilterError for an
        unknown parameter or a value that is not right; empty values don't count.
        """
        for name in parameters:
            if name not in PARAMETERS:
                raise FilterError(name, _("There is no such filter."))
        given = {name: str(parameters[name]).strip() for name in parameters if str(parameters[name]).strip()}
        chosen = cls(
            theme=_words(given, "theme", Theme.values),
            harm=_words(given, "harm", Harm.values),
            country=_countries(given),
            area=_area(given),
            from_on=_day(given, "from", is_end=False),
            to_on=_day(given, "to", is_end=True),
            perpetrator=_words(given, "perpetrator", Perpetrator.values),
            verification=_words(given, "verification", Verification.values),
            kind=_words(given, "kind", AreaKind.values),
            mineral=_words(given, "mineral", Mineral.values),
            near=_near(given),
            bbox=_bbox(given),
        )
        if chosen.from_on and chosen.to_on and chosen.from_on > chosen.to_on:
            raise FilterError("to", _("The end is before the beginning."))
        return chosen

    @classmethod
    def parse_pairs(cls, pairs: Iterable[str]) -> "IncidentFilter":
        """Read `name=value` words, as commands take them; a name that is given twice means both values.
        Raises FilterError.
        """
        given: dict[str, list[str]] = {}
        for pair in pairs:
            name, separator, value = pair.partition("=")
            if not separator:
                raise FilterError(pair, _("Write it as name=value."))
            given.setdefault(name, []).append(value)
        return cls.parse({name: _joined(values) for name, values in given.items()})

    def as_params(self) -> dict[str, str]:
        """The filter as query parameters in a fixed order: the same filter gives the same words."""
        lists = ("theme", "harm", "country", "perpetrator", "verification", "kind", "mineral")
        values: dict[str, str] = {name: ",".join(sorted(getattr(self, name))) for name in lists}
        values["area"] = str(self.area) if self.area is not None else ""
        values["from"] = self.from_on.isoformat() if self.from_on else ""
        values["to"] = self.to_on.isoformat() if self.to_on else ""
        # To the last digit: what a snapshot keeps of its filter must choose the same again.
        values["near"] = ",".join(f"{number:.15g}" for number in self.near or ())
        values["bbox"] = ",".join(f"{number:.15g}" for number in self.bbox or ())
        return {name: values[name] for name in PARAMETERS if values[name]}

    def apply(self, incidents: QuerySet[PublishedIncident]) -> QuerySet[PublishedIncident]:
        """Narrow a queryset; each incident stays once."""
        if self.theme:
            incidents = incidents.filter(theme__in=self.theme)
        if self.country:
            incidents = incidents.filter(country__in=self.country)
        if self.perpetrator:
            incidents = incidents.filter(perpetrator__in=self.perpetrator)
        if self.verification:
            incidents = incidents.filter(verification__in=self.verification)
        if self.harm:
            incidents = incidents.filter(
                pk__in=PublishedIncident.objects.filter(harms__harm__in=self.harm).values("pk")
            )
        if self.area is not None:
            near = PublishedLink.objects.filter(area=self.area).order_by()
            incidents = incidents.filter(pk__in=near.values("published"))
        if self.kind:
            nearest = PublishedLink.objects.filter(rank=0, area__kind__in=self.kind).order_by()
            incidents = incidents.filter(pk__in=nearest.values("published"))
        if self.mineral:
            areas = areas_with_mineral(self.mineral)
            nearest = PublishedLink.objects.filter(rank=0, area__in=areas).order_by()
            incidents = incidents.filter(pk__in=nearest.values("published"))
        if self.from_on:
            incidents = incidents.filter(occurred_to__gte=self.from_on)
        if self.to_on:
            incidents = incidents.filter(occurred_from__lte=self.to_on)
        if self.bbox:
            incidents = incidents.filter(_within(split_box(self.bbox)))
        if self.near:
            incidents = incidents.filter(pk__in=_near_ids(self.near))
        return incidents

    def words(self) -> str:
        """The filter in the reader's language; "" when nothing is narrowed."""
        parts = [
            *(str(Theme(code).label) for code in self.theme),
            *(str(Harm(code).label) for code in self.harm),
            *(country_name(code) for code in self.country),
            *(str(Perpetrator(code).label) for code in self.perpetrator),
            *(str(Verification(code).label) for code in self.verification),
            *(str(AreaKind(code).label) for code in self.kind),
            *(str(Mineral(code).label) for code in self.mineral),
        ]
        if self.area is not None:
            name = ProducingArea.objects.filter(pk=self.area).values_list("name", flat=True).first()
            parts.append(_("near %(area)s") % {"area": name or self.area})
        if self.from_on:
            parts.append(_("from %(day)s") % {"day": day_words(self.from_on)})
        if self.to_on:
            parts.append(_("to %(day)s") % {"day": day_words(self.to_on)})
        if self.near:
            longitude, latitude, km = self.near
            parts.append(
                _("within %(km)g km of %(latitude).2f, %(longitude).2f")
                % {"km": km, "latitude": latitude, "longitude": longitude}
            )
        if self.bbox:
            parts.append(
                _("inside the box %(bbox)s") % {"bbox": ", ".join(f"{edge:g}" for edge in self.bbox)}
            )
        return joined(parts)


def areas_with_mineral(minerals: Iterable[str]) -> QuerySet[ProducingArea]:
    """The producing areas that any of these comes from."""
    named = Q()
    for mineral in minerals:  # SQLite's JSON has no "contains": the code in its quotation marks
        named |= Q(minerals__icontains=f'"{mineral}"')
    return ProducingArea.objects.filter(named).order_by()


def filter_parameters(query: QueryDict) -> dict[str, str]:
    """What of an address is a filter; a parameter that is given twice means both values."""
    return {name: _joined(query.getlist(name)) for name in PARAMETERS if name in query}


def _joined(values: Iterable[str]) -> str:
    return ",".join(filter(None, values))


def _countries(given: Mapping[str, str]) -> tuple[str, ...]:
    words = given.get("country", "").upper().split(",")
    codes = dict.fromkeys(word.strip() for word in words if word.strip())
    unknown = [code for code in codes if code not in country_codes()]
    if unknown:
        raise FilterError("country", _("No such country: %(codes)s") % {"codes": ", ".join(unknown)})
    return tuple(codes)


def _words(
    given: Mapping[str, str], name: str, known: Iterable[str], clean: Callable[[str], str] = str.lower
) -> tuple[str, ...]:
    words = tuple(
        dict.fromkeys(clean(word.strip()) for word in given.get(name, "").split(",") if word.strip())
    )
    for word in words:
        if word not in known:
            raise FilterError(
                name,
                _("“%(word)s” is not one of: %(known)s.") % {"word": word, "known": ", ".join(sorted(known))},
            )
    return words


def _area(given: Mapping[str, str]) -> int | None:
    text = given.get("area", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise FilterError("area", _("An area is named by its number."))
    return int(text)


def _day(given: Mapping[str, str], name: str, *, is_end: bool) -> date | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        if len(text) == len("2026-06"):
            first = date.fromisoformat(f"{text}-01")
            return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1) if is_end else first
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise FilterError(name, _("A day is written as 2026-06-30, a month as 2026-06.")) from None


def _numbers(given: Mapping[str, str], name: str, count: int, form: str) -> tuple[float, ...] | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count or not all(isfinite(number) for number in numbers):
        raise FilterError(name, _("Write it as %(form)s.") % {"form": form})
    return numbers


def _near(given: Mapping[str, str]) -> tuple[float, float, float] | None:
    numbers = _numbers(given, "near", 3, "lon,lat,km")
    if numbers is None:
        return None
    longitude, latitude, km = numbers
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90 and 0 < km <= _FARTHEST_KM):
        raise FilterError("near", _("Longitude, latitude in degrees, and at most 1000 kilometres."))
    return longitude, latitude, km


def _bbox(given: Mapping[str, str]) -> Box | None:
    numbers = _numbers(given, "bbox", 4, "west,south,east,north")
    if numbers is None:
        return None
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise FilterError("bbox", _("West, south, east, north in degrees."))
    return west, south, east, north


def _within(boxes: list[Box]) -> Q:
    within = Q()
    for west, south, east, north in boxes:
        within |= Q(longitude__range=(west, east), latitude__range=(south, north))
    return within


def _near_ids(near: tuple[float, float, float]) -> list[Any]:
    longitude, latitude, km = near
    candidates = PublishedIncident.objects.filter(_within(boxes_around(longitude, latitude, km * 1000)))
    return [
        pk
        for pk, lon, lat in candidates.values_list("pk", "longitude", "latitude")
        if _WGS84.inv(longitude, latitude, lon, lat)[2] <= km * 1000
    ]
