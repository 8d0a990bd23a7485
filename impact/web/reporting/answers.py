"""What a reporter has answered so far, carried by the page itself and signed.

Nothing is stored before the last step: no row, no session, no cookie, nothing in an address.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core import signing
from django.utils import timezone

from impact.incidents.draft import Consents, ReportDraft
from impact.vocabulary import Channel, Harm

_SALT = "headlamp.report.answers"


@dataclass(frozen=True, slots=True)
class Answers:
    """Each field as the forms clean it. `place` is "place:<id>", "area:<id>" or ""; days are ISO 8601.

    `key` is drawn at the first step: however often the last one is sent, it is one report.
    """

    key: str
    text: str = ""
    harms: tuple[str, ...] = ()
    place_words: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    when: str = ""
    occurred_from: str = ""
    occurred_to: str = ""
    follow_up: bool = False
    share: bool = False
    publish: bool = False

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day, None where the reporter does not know."""
        return tuple(
            date.fromisoformat(day) if day else None for day in (self.occurred_from, self.occurred_to)
        )  # type: ignore[return-value]


def no_answers() -> Answers:
    return Answers(key=str(uuid4()))


def sealed(answers: Answers) -> str:
    """The answers as a hidden field holds them."""
    return signing.dumps(asdict(answers), salt=_SALT, compress=True)


def unsealed(value: str) -> Answers | None:
    """The answers back; None when it is not what we sealed."""
    try:
        fields: dict[str, Any] = signing.loads(value, salt=_SALT)
        fields["harms"] = tuple(fields["harms"])
        UUID(fields["key"])
        return Answers(**fields)
    except (signing.BadSignature, TypeError, KeyError, ValueError):
        return None


def draft_of(answers: Answers) -> ReportDraft:
    """The answers as intake takes them."""
    first, last = answers.days
    kind, _, number = answers.place.partition(":")
    has_point = answers.longitude is not None and answers.latitude is not None
    return ReportDraft(
        channel=Channel.WEB,
        source_key=f"web:{answers.key}",
        text=answers.text,
        received_at=timezone.now(),
        place_words=answers.place_words,
        place_id=int(number) if kind == "place" else None,
        area_id=int(number) if kind == "area" else None,
        point=(answers.longitude or 0.0, answers.latitude or 0.0) if has_point else None,
        occurred_from=first,
        occurred_to=last,
        harms=tuple(Harm(harm) for harm in answers.harms),
        consents=Consents(follow_up=answers.follow_up, share=answers.share, publish=answers.publish),
        is_fictional=settings.DEMO,
    )
