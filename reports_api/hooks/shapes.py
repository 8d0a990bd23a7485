"""The shapes of what is said about webhooks."""

from typing import TypedDict

from django.utils import timezone

from reports_api.models import Webhook, WebhookDelivery

DELIVERIES_TOLD = 20


class WebhookRecord(TypedDict):
    """`ended_because` is "" while it works; else `paused`, `failing` (for five days), `gone` (410) or
    `revoked` (the key that set it up). `earlier_secret_until`: until when a renewed secret signs as well."""

    id: str
    url: str
    events: list[str]
    is_active: bool
    ended_because: str
    made_at: str
    failing_since: str | None
    last_delivered_at: str | None
    last_error: str
    earlier_secret_until: str | None


class WebhookMade(WebhookRecord):
    """The secret is told here and never again."""

    secret: str


class DeliveryRecord(TypedDict):
    """`webhook_id` is the header of that name. `error` is a kind; what a receiver answers is not kept."""

    webhook_id: str
    event: str
    state: str
    attempts: int
    status: int | None
    error: str
    occurred_at: str
    ended_at: str | None


class WebhookWithDeliveries(WebhookRecord):
    """With its latest deliveries, the newest first."""

    deliveries: list[DeliveryRecord]


class WebhookPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[WebhookRecord]


def webhook_record(webhook: Webhook) -> WebhookRecord:
    now = timezone.now()
    ends = [secret.signs_until for secret in webhook.earlier_secrets.all() if secret.signs_until > now]
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "events": list(webhook.events),
        "is_active": webhook.is_active,
        "ended_because": str(webhook.ended_because),
        "made_at": webhook.made_at.isoformat(),
        "failing_since": webhook.failing_since.isoformat() if webhook.failing_since else None,
        "last_delivered_at": webhook.last_delivered_at.isoformat() if webhook.last_delivered_at else None,
        "last_error": webhook.last_error,
        "earlier_secret_until": max(ends).isoformat() if ends else None,
    }


def with_deliveries(webhook: Webhook) -> WebhookWithDeliveries:
    latest = webhook.deliveries.all()[:DELIVERIES_TOLD]
    return {**webhook_record(webhook), "deliveries": [delivery_record(delivery) for delivery in latest]}


def delivery_record(delivery: WebhookDelivery) -> DeliveryRecord:
    return {
        "webhook_id": delivery.message_id,
        "event": delivery.event,
        "state": str(delivery.state),
        "attempts": delivery.attempts,
        "status": delivery.status,
        "error": delivery.error,
        "occurred_at": delivery.occurred_at.isoformat(),
        "ended_at": delivery.ended_at.isoformat() if delivery.ended_at else None,
    }
