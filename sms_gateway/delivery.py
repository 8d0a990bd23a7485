"""What became of a message of ours: delivery reports come in any order, and the furthest state stays."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from sms_gateway.faults import fault
from sms_gateway.intake.time_limits import KEEP_S, time_limit, turn_to_write
from sms_gateway.models import Contact, DeliveryReport, OutboundMessage
from sms_gateway.outbound import DeliveryStatus, DeliveryUpdate
from sms_gateway.receiving import NotStored, patience


def take_update(update: DeliveryUpdate) -> bool:
    """Note a delivery report that a provider waits with. Returns whether anything changed.

    Raises NotStored where the database does not take it in time: the provider has to deliver it again. It is
    not put aside as a message is, for nothing that anybody told hangs on it.
    """
    if patience.is_over():
        raise NotStored("the database was away a moment ago")
    try:
        with time_limit(KEEP_S), turn_to_write(KEEP_S):
            return apply_update(update)
    except (DatabaseError, InterfaceError) as error:
        if isinstance(error, (OperationalError, InterfaceError)) and not connection.in_atomic_block:
            connection.close()  # so that the next one begins with a new connection
        # Neither its words nor its cause: they can hold the values of the row.
        raise NotStored(fault(error)) from None


def apply_update(update: DeliveryUpdate) -> bool:
    """Note a delivery report, unless a further one came before. Returns whether anything changed.

    A report can be here before the answer to our sending is, and then nobody knows whose it is: it is
    kept, and applied when the message is known. Whoever comes second, this or the answer, sees the other.
    """
    if (message := _messages(update).first()) is not None:
        return _apply(update, message)
    if update.own_id or not update.provider_message_id:
        return False
    early = DeliveryReport.objects.create(
        provider=update.provider,
        provider_message_id=update.provider_message_id,
        update_json=msgspec.to_builtins(update),
    )
    message = _messages(update).first()
    if message is None:
        return False
    early.delete()
    return _apply(update, message)


def apply_early_reports(message: OutboundMessage) -> None:
    """Apply what was reported of a message before its provider's id was known to us."""
    early = DeliveryReport.objects.filter(
        provider=message.provider, provider_message_id=message.provider_message_id
    )
    for report in early:
        _apply(msgspec.convert(report.update_json, DeliveryUpdate), message)
        report.delete()


def _apply(update: DeliveryUpdate, message: OutboundMessage) -> bool:
    """One conditional update a report, so that two at once can't leave the nearer state."""
    if update.is_opt_out:
        Contact.objects.filter(pk=message.contact_id).update(opted_out=True)
    of_message = OutboundMessage.objects.filter(pk=message.pk)
    if facts := _facts(update, message):
        of_message.update(**facts)
    if update.status.rank >= DeliveryStatus.SENT.rank:
        # It left, whatever became of a worker that died before it could say so: not to be sent again.
        # And with a day on which it was, or the provider's copy of it would never be deleted.
        of_message.filter(state=OutboundMessage.State.SENDING).update(
            state=OutboundMessage.State.SENT, sent_at=timezone.now()
        )
    nearer = [status.value for status in DeliveryStatus if status.rank < update.status.rank]
    still_nearer = of_message.filter(Q(delivery="") | Q(delivery__in=nearer))
    changes: dict[str, Any] = {"delivery": update.status.value, "delivery_error": update.error}
    if update.at:
        changes["delivered_at"] = update.at
    return bool(update.status.rank and still_nearer.update(**changes))


def _facts(update: DeliveryUpdate, message: OutboundMessage) -> dict[str, Any]:
    """What a report tells apart from how far the message came: true in any order."""
    facts: dict[str, Any] = {}
    if update.segments:
        facts["segments"] = update.segments
    if update.cost is not None:
        facts |= {"cost": update.cost, "currency": update.currency}
    if update.provider_message_id and not message.provider_message_id:
        facts["provider_message_id"] = update.provider_message_id
    return facts


def _messages(update: DeliveryUpdate) -> QuerySet[OutboundMessage]:
    of_provider = OutboundMessage.objects.filter(provider=update.provider)
    if update.own_id:
        try:
            return of_provider.filter(pk=UUID(update.own_id))
        except ValueError:
            return of_provider.none()
    return of_provider.filter(provider_message_id=update.provider_message_id).exclude(provider_message_id="")
