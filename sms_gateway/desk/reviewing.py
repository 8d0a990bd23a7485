"""Reviewing what was held: a moderator lets messages in or discards them with a reason. None is deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils import timezone

from impact.accounts.models import User
from impact.ledger.chain import record
from impact.ledger.models import Kind
from sms_gateway.models import Contact, InboundMessage

REASON_LIMIT = 200


class ReasonMissing(ValueError):
    """Discarding needs a reason."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one person, for one cause; the words are those of the first and the latest."""

    contact_id: int
    pseudonym: str
    country: str
    because: str
    count: int
    first_at: datetime
    last_at: datetime
    samples: tuple[str, ...]


def held_messages(limit: int = 50) -> list[Held]:
    """What waits for review, by person and cause, the largest first. No number is among it."""
    groups = (
        _held()
        .order_by()
        .values("contact", "contact__reporter__pseudonym", "contact__country", "held_because")
        .annotate(count=Count("pk"), first_at=Min("created_at"), last_at=Max("created_at"))
        .order_by("-count")[:limit]
    )
    return [
        Held(
            contact_id=group["contact"],
            pseudonym=group["contact__reporter__pseudonym"],
            country=group["contact__country"],
            because=group["held_because"],
            count=group["count"],
            first_at=group["first_at"],
            last_at=group["last_at"],
            samples=tuple(_samples(group["contact"], group["held_because"])),
        )
        for group in groups
    ]


@transaction.atomic
def release_held(*, contact_id: int, moderator: User) -> int:
    """Let what is held of one person in: a worker takes it in, in order. Returns how many.

    Their window begins anew, so that what they write next is not held for the same flood.
    """
    now = timezone.now()
    released = (
        _held()
        .filter(contact=contact_id)
        .update(state=InboundMessage.State.RECEIVED, try_after=now, reviewed_by=moderator, reviewed_at=now)
    )
    if released:
        Contact.objects.filter(pk=contact_id).update(burst_began_at=None, burst_count=0)
        _record(contact_id, moderator, {"action": "let in", "messages": released})
    return released


@transaction.atomic
def discard_held(*, contact_id: int, moderator: User, reason: str) -> int:
    """Make no reports of what is held of one person; it stays on file. Returns how many.

    Raises ReasonMissing.
    """
    reason = reason.strip()[:REASON_LIMIT]
    if not reason:
        raise ReasonMissing
    discarded = (
        _held()
        .filter(contact=contact_id)
        .update(
            state=InboundMessage.State.DISCARDED,
            reviewed_by=moderator,
            reviewed_at=timezone.now(),
            review_reason=reason,
        )
    )
    if discarded:
        _record(contact_id, moderator, {"action": "discarded", "messages": discarded, "reason": reason})
    return discarded


def _record(contact_id: int, moderator: User, details: dict[str, Any]) -> None:
    """Into the log, by the person's pseudonym: which messages went, and why, is asked for later."""
    pseudonym = Contact.objects.values_list("reporter__pseudonym", flat=True).get(pk=contact_id)
    record(Kind.REVIEW, actor_id=moderator.pk, subject=pseudonym, details=details)


def _held() -> QuerySet[InboundMessage]:
    return InboundMessage.objects.filter(state=InboundMessage.State.HELD)


def _samples(contact_id: int, because: str) -> list[str]:
    of_group = _held().filter(contact=contact_id, held_because=because).order_by("created_at")
    first, last = of_group.first(), of_group.last()
    return list(dict.fromkeys(message.text for message in (first, last) if message is not None))
