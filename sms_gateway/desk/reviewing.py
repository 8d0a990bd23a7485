"""Reviewing what was held: a moderator lets messages in or discards them with a reason. None is deleted.

What is held is no case yet. It is reviewed where the case would be decided: in the organisation that the
country of the telephone and the channel are routed to.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from impact.accounts.models import User
from impact.accounts.permissions import CaseScope, case_scopes
from impact.accounts.routing import organisation_for
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


def held_messages(moderator: User, limit: int = 50) -> list[Held]:
    """What waits for a moderator, by person and cause, the largest first. No number is among it."""
    held = _held(moderator)
    groups = (
        held.order_by()
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
            samples=tuple(_samples(held, group["contact"], group["held_because"])),
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
        _held(moderator)
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
        _held(moderator)
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


def _held(moderator: User) -> QuerySet[InboundMessage]:
    held = InboundMessage.objects.filter(state=InboundMessage.State.HELD)
    scopes = case_scopes(moderator, "moderate")
    within = Q(pk__in=[])
    for country, channel in held.order_by().values_list("contact__country", "channel").distinct():
        organisation = organisation_for(country=country, channel=channel)
        if any(_reaches(scope, organisation, country) for scope in scopes):
            within |= Q(contact__country=country, channel=channel)
    return held.filter(within)


def _reaches(scope: CaseScope, organisation: int, country: str) -> bool:
    is_there = not scope.countries or not country or country in scope.countries
    return scope.organisation_id == organisation and is_there


def _samples(held: QuerySet[InboundMessage], contact_id: int, because: str) -> list[str]:
    of_group = held.filter(contact=contact_id, held_because=because).order_by("created_at")
    first, last = of_group.first(), of_group.last()
    return list(dict.fromkeys(message.text for message in (first, last) if message is not None))
