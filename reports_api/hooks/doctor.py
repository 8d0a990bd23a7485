"""What `doctor` is told of keys and webhooks."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone

from reports_api.models import UNFINISHED, ApiKey, Webhook, WebhookDelivery, live_keys


def doctor_lines() -> Iterator[tuple[str, str, bool]]:
    """How many keys open something, and whether anything waits for a webhook. None of it is a failure."""
    try:
        keys = ApiKey.objects.filter(live_keys(timezone.now())).count()
        active = Webhook.objects.filter(is_active=True)
        failing = active.filter(failures__gt=0).count()
        off = Webhook.objects.filter(is_active=False).count()
        waiting = WebhookDelivery.objects.filter(state__in=UNFINISHED).count()
    except DatabaseError:
        return  # the line on migrations says why
    yield ("API keys", f"{keys} in use", False)
    yield (
        "webhooks",
        f"{active.count()} active, {failing} of them failing, {off} off; {waiting} deliveries wait",
        False,
    )
