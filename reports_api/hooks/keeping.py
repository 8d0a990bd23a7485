"""How long what was delivered is remembered, and how secrets come under a new key."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from impact.operations.resealing import reseal
from impact.operations.turns import claim_turn
from reports_api.models import UNFINISHED, EarlierSecret, Webhook, WebhookDelivery

KEPT = timedelta(days=30)


def forget_daily(now: datetime | None = None) -> int:
    """Forget old deliveries and secrets once a day, whichever worker comes first: its turn."""
    now = now or timezone.now()
    if not claim_turn("webhook deliveries", timedelta(days=1), now):
        return 0
    return forget_deliveries(now) + forget_secrets(now)


def forget_deliveries(now: datetime | None = None) -> int:
    """Delete what was delivered or given up thirty days ago. Returns how many."""
    before = (now or timezone.now()) - KEPT
    ended = WebhookDelivery.objects.filter(made_at__lt=before).exclude(state__in=UNFINISHED)
    return ended.delete()[0]


def forget_secrets(now: datetime | None = None) -> int:
    """Delete the secrets that sign nothing any more. Returns how many."""
    return EarlierSecret.objects.filter(signs_until__lte=now or timezone.now()).delete()[0]


def rotate_secrets() -> Iterator[tuple[str, int, int, int]]:
    """The secrets of webhooks, sealed anew one by one: how many changed, were current, could not be."""
    now = reseal(Webhook.objects.all(), "secret_sealed")
    earlier = reseal(EarlierSecret.objects.all(), "sealed")
    yield ("webhook secrets", now[0] + earlier[0], now[1] + earlier[1], now[2] + earlier[2])
