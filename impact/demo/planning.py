"""The whole demo before anything is written: who texts what and when, and what moderators make of it.

Deterministic: the same seed, number and day give the same plan. The identifiers do not depend on the
day or the number, so that a second run finds what the first one sent.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from random import Random

import phonenumbers
from django.utils import timezone

from impact.demo.scenery import HardCase, HotSpot, Template, hard_cases, hot_spots, phrasebook
from impact.demo.writing import write_message
from impact.vocabulary import Harm, Perpetrator, Theme, theme_of

SEED = "headlamp"
SPAN_DAYS = 3 * 365
QUEUE_DAYS = 45  # what came since then waits for moderators
_WEB_SHARE = 0.12
_PHONES_A_PLACE = 9
_THEME_WEIGHTS = {
    Theme.VIOLENCE: 40,
    Theme.LABOUR: 20,
    Theme.ENVIRONMENT: 22,
    Theme.CONFLICT_FINANCE: 18,
}


class Outcome(StrEnum):
    """What moderators make of a report by today."""

    NEW = "new"
    PUBLISHED = "published"
    RETRACTED = "retracted"
    VERIFIED = "verified"
    UNDER_VERIFICATION = "under_verification"
    NOT_SUBSTANTIATED = "not_substantiated"
    FALSELY_ATTRIBUTED = "falsely_attributed"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    OUT_OF_SCOPE = "out_of_scope"


_OUTCOMES = (
    (Outcome.PUBLISHED, 70),
    (Outcome.RETRACTED, 1),
    (Outcome.VERIFIED, 12),
    (Outcome.UNDER_VERIFICATION, 7),
    (Outcome.NOT_SUBSTANTIATED, 5),
    (Outcome.FALSELY_ATTRIBUTED, 1),
    (Outcome.DUPLICATE, 2),
    (Outcome.OUT_OF_SCOPE, 2),
)


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One report to send, and what is true of it. `sender` is E.164, "" for a report by the web."""

    key: str
    area: str
    sender: str
    text: str
    sent_at: datetime
    harms: tuple[Harm, ...]
    perpetrator: Perpetrator
    occurred_on: date | None
    people: dict[str, dict[str, int]]
    outcome: Outcome

    @property
    def source_key(self) -> str:
        """The report's own, as its door writes it."""
        return f"simulator:{self.key}" if self.sender else f"web:{self.key}"


def planned_reports(count: int, now: datetime | None = None) -> list[PlannedReport]:
    """The first `count` reports of the demo, the oldest first; the hard cases are among them."""
    now = now or timezone.now()
    cases = [_from_hard_case(case, now) for case in hard_cases()[:count]]
    invented = [_invented(number, now) for number in range(count - len(cases))]
    return sorted(cases + invented, key=lambda report: (report.sent_at, report.key))


def _invented(number: int, now: datetime) -> PlannedReport:
    random = Random(f"{SEED}:{number}")  # noqa: S311  (a story, not a secret)
    spot = random.choices(hot_spots(), weights=[spot.weight for spot in hot_spots()])[0]
    sent_at = _moment(_age_days(spot, random), now, random)
    book = phrasebook(random.choice(spot.languages))
    template = _template(book.templates, spot, random)
    place = random.choice(spot.places)
    sender = (
        "" if random.random() < _WEB_SHARE else sender_number(spot.area, random.randrange(_PHONES_A_PLACE))
    )
    outcome = _outcome(sent_at, now, random)
    # Last, because how often it draws depends on the day, and the identifiers must not.
    message = write_message(template, book, place, spot.forces, sent_at.date(), random)
    return PlannedReport(
        key=f"demo-{number:05}",
        area=spot.area,
        sender=sender,
        text=message.text,
        sent_at=sent_at,
        harms=template.harms,
        perpetrator=message.perpetrator,
        occurred_on=message.occurred_on,
        people={template.people: {"low": message.count, "high": message.count}} if template.people else {},
        outcome=outcome,
    )


def _from_hard_case(case: HardCase, now: datetime) -> PlannedReport:
    random = Random(f"{SEED}:{case.key}")  # noqa: S311
    return PlannedReport(
        key=f"demo-{case.key}",
        area=case.area,
        sender="" if case.channel == "web" else sender_number(case.area, 100 + ord(case.phone)),
        text=case.text,
        sent_at=_moment(case.days_ago, now, random),
        harms=case.harms,
        perpetrator=case.perpetrator,
        occurred_on=None,
        people={},
        outcome=Outcome(case.outcome),
    )


def sender_number(area: str, number: int) -> str:
    """An invented mobile number of the area's country: the numbering plan's example, varied at the end."""
    example = phonenumbers.example_number_for_type(area[:2].upper(), phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        raise ValueError(f"no example of a mobile number for {area}")
    digits = Random(f"{SEED}:{area}:{number}").randrange(10_000)  # noqa: S311
    written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    return f"{written[:-4]}{digits:04}"


def _age_days(spot: HotSpot, random: Random) -> int:
    if spot.surge and random.random() < 0.5:
        return random.randint(spot.surge[1], spot.surge[0])
    # More of late than long ago, as the number becomes known.
    return int(SPAN_DAYS * random.random() ** 1.5)


def _moment(days_ago: int, now: datetime, random: Random) -> datetime:
    day = (now - timedelta(days=days_ago + 1)).date()
    # Hours in UTC that belong to the same day in all our countries, so that "yesterday" is the day before.
    hour = random.choices(range(5, 21), weights=[2, 4, 5, 5, 4, 4, 3, 3, 3, 3, 4, 5, 7, 8, 7, 5])[0]
    return datetime(
        day.year, day.month, day.day, hour, random.randrange(60), random.randrange(60), tzinfo=UTC
    )


def _template(templates: tuple[Template, ...], spot: HotSpot, random: Random) -> Template:
    theme = random.choices(list(_THEME_WEIGHTS), weights=list(_THEME_WEIGHTS.values()))[0]
    fitting = [
        template
        for template in templates
        if theme_of(template.harms[0]) == theme and (not template.by or set(template.by) & set(spot.forces))
    ]
    return random.choice(fitting)


def _outcome(sent_at: datetime, now: datetime, random: Random) -> Outcome:
    drawn = random.choices(
        [outcome for outcome, _ in _OUTCOMES], weights=[weight for _, weight in _OUTCOMES]
    )[0]
    return Outcome.NEW if now - sent_at < timedelta(days=QUEUE_DAYS) else drawn
