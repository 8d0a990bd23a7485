"""How long what was delivered is remembered, and how secrets come under a new key."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from impact.operations.turns import claim_turn
from impact.sealing import UnsealError, is_sealed_to_current, seal, unseal
from reports_api.models import UNFINISHED, Webhook, WebhookDelivery

KEPT = timedelta(days=30)


def forget_daily(now: datetime | None = None) -> int:
    """Forget old deliveries once a day, whichever worker comes first: its turn."""
    now = now or timezone.now()
    return forget_deliveries(now) if claim_turn("webhook deliveries", timedelta(days=1), now) else 0


def forget_deliveries(now: datetime | None = None) -> int:
    """Delete what was delivered or given up thirty days ago. Returns how many."""
    before = (now or timezone.now()) - KEPT
    ended = WebhookDelivery.objects.filter(made_at__lt=before).exclude(state__in=UNFINISHED)
    return ended.delete()[0]


def rotate_secrets() -> Iterator[tuple[str, int, int, int]]:
    """The secrets of webhooks, sealed anew one by one: how many changed, were current, could not be."""
    changed = current = failed = 0
    for webhook in Webhook.objects.only("pk", "secret_sealed"):
        if is_sealed_to_current(webhook.secret_sealed):
            current += 1
            continue
        try:
            secret = unseal(webhook.secret_sealed)
        except UnsealError:
            failed += 1
            continue
        Webhook.objects.filter(pk=webhook.pk, secret_sealed=webhook.secret_sealed).update(
            secret_sealed=seal(secret)
        )
        changed += 1
    yield ("webhook secrets", changed, current, failed)
