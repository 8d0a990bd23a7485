"""What became public is queued for every webhook that wants it, in the transaction that made it so."""

from datetime import datetime
from uuid import UUID

from impact.publication.announcing import PublicEvent
from reports_api.models import Webhook, WebhookDelivery

TEST_EVENT = "webhook.test"


def queue_event(event: PublicEvent, published_id: UUID, at: datetime) -> None:
    """A delivery for each active webhook that asked for such events. Inside the caller's transaction."""
    # Locked, so that none is deleted under its new delivery and takes the publication down with it.
    active = Webhook.objects.select_for_update(no_key=True).filter(is_active=True).order_by("pk")
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            webhook=webhook, event=str(event), published_id=published_id, occurred_at=at, attempt_after=at
        )
        for webhook in active
        if event in webhook.events
    )


def queue_test(webhook: Webhook, at: datetime) -> WebhookDelivery:
    """A delivery that tells nothing, so that a program can be tried."""
    return WebhookDelivery.objects.create(webhook=webhook, event=TEST_EVENT, occurred_at=at, attempt_after=at)
