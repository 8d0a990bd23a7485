"""Forgetting: what a provider keeps of a message is deleted there, when it is safe with us.

The provider sees number and words in any case. But what lies there for a year, next to the numbers of all who
reported, is found by whoever gets into that account or has the provider hand it over; and a number that we
erase is not erased while it lies there. Some days pass first: whoever has to restore a backup of last night
finds what came since in the provider's list (catching_up.py).

A file that could not be kept as evidence lies there alone, and people may still ask for it: such a message
stays until retention erases the number or the words. So does one that nobody has decided about.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from impact.operations.claiming import claim
from impact.operations.turns import claim_turn
from sms_gateway.models import InboundMedia, InboundMessage, OutboundMessage, ProviderCopy
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Provider, SendError
from sms_gateway.purging import ERASED

EVERY = timedelta(seconds=15)
LOOK_EVERY = timedelta(hours=1)
WAITS = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
_MOST_NOTED = 10_000
_SETTLED = (
    InboundMessage.State.DONE,
    InboundMessage.State.REPEATED,
    InboundMessage.State.DISCARDED,
)

logger = logging.getLogger("headlamp.sms")


def forget_at_providers(limit: int = 5) -> int:
    """Have providers delete their copies of old messages: a worker's turn. Returns how many they deleted.

    A few at a time: each takes several requests, and what is to be sent waits meanwhile. A provider that
    refuses is asked again after growing waits, at last once a day, until it confirms.
    """
    now = timezone.now()
    lines = [line for line in PROVIDERS.values() if line.forget_days and not line.missing_settings()]
    if not lines or not claim_turn("forget at providers", EVERY, now):
        return 0
    if claim_turn("look for what to forget", LOOK_EVERY, now):
        for line in lines:
            _note_copies(line, now)
    return sum(_forget_at(line, now, limit) for line in lines)


def refused_copies() -> dict[str, tuple[int, str]]:
    """By line, how many copies could not be deleted so far, and why the one that waits longest could not."""
    refused: dict[str, tuple[int, str]] = {}
    waiting = ProviderCopy.objects.filter(deleted_at=None).exclude(error="").order_by("pk")
    for provider, error in waiting.values_list("provider", "error"):
        count, first = refused.get(provider, (0, error))
        refused[provider] = (count + 1, first)
    return refused


def _before(line: Provider, now: datetime) -> datetime:
    return now - timedelta(days=line.forget_days)


def _note_copies(line: Provider, now: datetime) -> None:
    before = _before(line, now)
    settled = InboundMessage.objects.filter(
        provider=line.name, created_at__lt=before, state__in=_SETTLED, is_fictional=False
    )
    kept = Count("media", filter=Q(media__state=InboundMedia.State.KEPT))
    has_nothing_alone = Q(attachments__lte=F("kept")) | Q(error=ERASED) | Q(contact__erased_at__isnull=False)
    came = settled.annotate(kept=kept).filter(has_nothing_alone)
    went = OutboundMessage.objects.filter(
        provider=line.name, sent_at__lt=before, state=OutboundMessage.State.SENT
    ).exclude(provider_message_id="")
    for messages in (came, went):
        _note(line, messages, now)


def _note(line: Provider, messages: "QuerySet[Any]", now: datetime) -> None:
    noted = ProviderCopy.objects.filter(
        provider=line.name, provider_message_id=OuterRef("provider_message_id")
    )
    ids = messages.exclude(Exists(noted)).values_list("provider_message_id", flat=True)[:_MOST_NOTED]
    ProviderCopy.objects.bulk_create(
        [
            ProviderCopy(provider=line.name, provider_message_id=message_id, try_after=now)
            for message_id in ids
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def _forget_at(line: Provider, now: datetime, limit: int) -> int:
    due = ProviderCopy.objects.filter(provider=line.name, deleted_at=None, try_after__lte=now)
    deleted = 0
    for copy in due.order_by("try_after")[:limit]:
        wait = WAITS[min(copy.attempts, len(WAITS) - 1)]
        if not claim(copy, still={"deleted_at": None}, try_after=now + wait):
            continue
        try:
            line.forget(copy.provider_message_id, _before(line, now))
        except SendError as error:
            logger.warning("copy %s not deleted by %s yet: %s", copy.pk, line.name, error.code)
            ProviderCopy.objects.filter(pk=copy.pk).update(error=error.code[:100])
            if not error.permanent:
                break  # the others would fare no better
        else:
            ProviderCopy.objects.filter(pk=copy.pk).update(deleted_at=timezone.now(), error="")
            deleted += 1
    return deleted
