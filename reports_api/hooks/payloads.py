"""What a delivery says, put together when it is sent: never more than is public at that moment."""

import json
from typing import Any

from impact.publication.announcing import PublicEvent
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents, published_properties
from reports_api.models import WebhookDelivery


def payload(delivery: WebhookDelivery) -> bytes | None:
    """The body, or None where the event is not true any more.

    What was taken back before it was delivered is not sent; nor is a retraction of what is public again.
    """
    data = _data(delivery)
    if data is None:
        return None
    body = {"type": delivery.event, "timestamp": delivery.occurred_at.isoformat(), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _data(delivery: WebhookDelivery) -> Any:
    if delivery.event == PublicEvent.PUBLISHED:
        incident = published_incidents().filter(pk__in=[delivery.published_id]).first()
        return published_properties(incident) if incident else None
    if delivery.event == PublicEvent.RETRACTED:
        if PublishedIncident.objects.filter(pk__in=[delivery.published_id], retracted_on=None).exists():
            return None
        return {"id": str(delivery.published_id), "retracted_at": delivery.occurred_at.isoformat()}
    return {"webhook": str(delivery.webhook_id)}
