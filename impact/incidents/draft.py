"""What a door hands over to intake: one neutral form for text messages, the web and programs."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from impact.incidents.models import Reporter
from impact.vocabulary import Channel, Harm, PeopleKind, Perpetrator

ONE_DAY = timedelta(days=1)  # a reporter's calendar can be a day ahead of the server's
TEXT_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Consents:
    """What the reporter agreed to, each asked apart. Silence is no."""

    follow_up: bool = False
    share: bool = False
    publish: bool = False


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a door hands over.

    `source_key` is unique for ever ("twilio:SM…", "web:<uuid>"): the same key is the same report.
    `point` is (longitude, latitude) in WGS 84 degrees; without `point_uncertainty_m` it is that of a finger
    on a small map. With `is_country_only` the source knows no more than the country: no point is read out of
    the words either. `people` and `perpetrator` go before what is read from the words, nought people too.
    `has_reported` is false for a reporter of whom nothing can be there; one who is not stored yet either is
    `new_reporter`, whom the caller stores before the report is written. The other fields may stay empty.
    """

    channel: Channel
    source_key: str
    text: str
    received_at: datetime
    sender_country: str = ""
    language: str = ""
    place_words: str = ""
    place_id: int | None = None
    area_id: int | None = None
    point: tuple[float, float] | None = None
    point_uncertainty_m: float | None = None
    is_country_only: bool = False
    occurred_from: date | None = None
    occurred_to: date | None = None
    harms: tuple[Harm, ...] = ()
    people: tuple[tuple[PeopleKind, int], ...] = ()
    perpetrator: Perpetrator | None = None
    consents: Consents = Consents()
    reporter_id: int | None = None
    new_reporter: Reporter | None = None
    has_reported: bool = True
    is_fictional: bool = False


class DraftError(Exception):
    """A draft that cannot be taken in: `field` names what is wrong, `message` says why (translated)."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def check_draft(draft: ReportDraft) -> None:
    """Raise DraftError for what cannot be taken in."""
    check_words(draft.text)
    if draft.point is not None:
        longitude, latitude = draft.point
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90) or (longitude, latitude) == (0, 0):
            raise DraftError("point", _("There is no such point: longitude and latitude in degrees."))
    if draft.occurred_from and draft.occurred_to and draft.occurred_from > draft.occurred_to:
        raise DraftError("occurred_to", _("The end is before the beginning."))
    if draft.occurred_from and draft.occurred_from > draft.received_at.date() + ONE_DAY:
        raise DraftError("occurred_from", _("This day has not come yet."))


def check_words(text: str) -> None:
    """Raise DraftError for words that cannot be kept: none, or too many."""
    if not text.strip():
        raise DraftError("text", _("Say what happened, in your own words."))
    if len(text) > TEXT_LIMIT:
        raise DraftError("text", _("This is longer than %(limit)s characters.") % {"limit": TEXT_LIMIT})
