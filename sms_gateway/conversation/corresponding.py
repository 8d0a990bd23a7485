"""Carrying correspondence: what moderators write goes out over the reporter's own line, a worker's turn."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from impact.incidents.correspondence import messages_underway, move_message, queued_messages
from impact.incidents.models import Message
from impact.vocabulary import Channel
from sms_gateway.conversation.segments import segments
from sms_gateway.conversation.silence import is_silent
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage

CHANNELS = (Channel.SMS, Channel.WHATSAPP, Channel.SIMULATOR)
_WATCHED = timedelta(days=7)  # after it, no delivery report comes any more
_STATES = {
    "sent": Message.State.SENT,
    "delivered": Message.State.DELIVERED,
    "read": Message.State.DELIVERED,
    "failed": Message.State.FAILED,
    "undelivered": Message.State.FAILED,
}


def carry_correspondence(limit: int = 100) -> int:
    """Hand queued messages over for sending, and bring back how far earlier ones came. Returns how many."""
    handed = sum(_hand_over(message) for message in queued_messages(CHANNELS, limit))
    return handed + _bring_back()


def why_not_delivered(message_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The code of the error by which each of these messages of moderators failed, as far as there is one."""
    failed = OutboundMessage.objects.filter(correspondence__in=list(message_ids))
    codes = failed.values_list("correspondence", "error", "delivery_error")
    return {key: error or reported for key, error, reported in codes if key and (error or reported)}


@transaction.atomic
def _hand_over(message: Message) -> bool:
    contact = Contact.objects.select_for_update().filter(reporter=message.report.reporter).first()
    last = InboundMessage.objects.filter(contact=contact).order_by("-created_at").first() if contact else None
    if contact is None or last is None or not contact.number_sealed:
        return move_message(message.pk, Message.State.FAILED)
    if contact.opted_out or is_silent(last.provider, contact.country):
        return move_message(message.pk, Message.State.WITHHELD)
    if not move_message(message.pk, Message.State.HANDED_OVER):
        return False
    now = timezone.now()
    OutboundMessage.objects.create(
        contact=contact,
        correspondence=message.pk,
        text=message.text,
        language=message.language,
        segments=segments(message.text).count,
        provider=last.provider,
        channel=last.channel,
        send_after=now,
    )
    if message.kind == Message.Kind.QUESTION:
        dialogue, _is_new = Dialogue.objects.get_or_create(contact=contact)
        dialogue.ask_for_moderator(message.report.reference, message.pk, now)
        dialogue.save()
    return True


def _bring_back() -> int:
    underway = messages_underway(CHANNELS, timezone.now() - _WATCHED)
    sent = OutboundMessage.objects.filter(correspondence__in=underway) if underway else ()
    return sum(
        move_message(message.correspondence, _STATES[message.state])
        for message in sent
        if message.state in _STATES and message.correspondence is not None
    )
