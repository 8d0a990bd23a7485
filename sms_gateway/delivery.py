"""What became of a message of ours: delivery reports come in any order, and the furthest state stays."""

from uuid import UUID

from django.db.models import Q, QuerySet

from sms_gateway.models import Contact, OutboundMessage
from sms_gateway.outbound import DeliveryStatus, DeliveryUpdate


def apply_update(update: DeliveryUpdate) -> bool:
    """Note a delivery report, unless a further one came before. Returns whether anything changed.

    One conditional update a report, so that two at once can't leave the nearer state.
    """
    message = _messages(update).select_related("contact").first()
    if message is None:
        return False
    if update.is_opt_out:
        Contact.objects.filter(pk=message.contact_id).update(opted_out=True)
    nearer = [status.value for status in DeliveryStatus if status.rank < update.status.rank]
    changes: dict[str, object] = {
        "delivery": update.status.value,
        "delivery_error": update.error,
        **({"delivered_at": update.at} if update.at else {}),
        **({"segments": update.segments} if update.segments else {}),
        **({"cost": update.cost, "currency": update.currency} if update.cost is not None else {}),
    }
    if not message.provider_message_id and update.provider_message_id:
        changes["provider_message_id"] = update.provider_message_id
    still_nearer = OutboundMessage.objects.filter(pk=message.pk).filter(
        Q(delivery="") | Q(delivery__in=nearer)
    )
    return bool(update.status.rank and still_nearer.update(**changes))


def _messages(update: DeliveryUpdate) -> QuerySet[OutboundMessage]:
    of_provider = OutboundMessage.objects.filter(provider=update.provider)
    if update.own_id:
        try:
            return of_provider.filter(pk=UUID(update.own_id))
        except ValueError:
            return of_provider.none()
    return of_provider.filter(provider_message_id=update.provider_message_id).exclude(provider_message_id="")
