"""Carrying correspondence: what moderators write goes out over the reporter's own line, a worker's turn."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from impact.incidents.correspondence import let_wait, messages_underway, move_message, queued_messages
from impact.incidents.models import Message
from impact.vocabulary import Channel
from sms_gateway.conversation.calling_back import OPEN_FOR, call_back, can_call, latest_message, must_wait
from sms_gateway.conversation.routing import CALLED
from sms_gateway.conversation.segments import segments
from sms_gateway.conversation.silence import is_silent
from sms_gateway.models import Contact, Dialogue, InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS

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
    """Hand queued messages over for sending, and those that waited for whoever has written again, and bring
    back how far earlier ones came. Returns how many."""
    ready = [*queued_messages(CHANNELS, limit), *_ready_after_waiting(limit)]
    handed = sum(_hand_over(message) for message in ready)
    return handed + _bring_back()


def why_not_delivered(message_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The code of the error by which each of these messages of moderators failed, as far as there is one."""
    failed = OutboundMessage.objects.filter(correspondence__in=list(message_ids))
    codes = failed.values_list("correspondence", "error", "delivery_error")
    return {key: error or reported for key, error, reported in codes if key and (error or reported)}


def _ready_after_waiting(limit: int) -> list[Message]:
    """Messages that waited for somebody who has written lately, or who never can be written to any more."""
    lately = timezone.now() - OPEN_FOR
    may_go = (
        Q(report__reporter__contact__last_heard_at__gte=lately)
        | Q(report__reporter__contact__opted_out=True)
        | Q(report__reporter__contact__number_sealed="")
    )
    waiting = Message.objects.filter(may_go, state=Message.State.WAITING)
    return list(waiting.select_related("report__reporter").order_by("said_at")[:limit])


@transaction.atomic
def _hand_over(message: Message) -> bool:
    contact, last = _whom(message)
    if contact is None or last is None:
        return move_message(message.pk, Message.State.FAILED)
    if (end := _end(contact, last)) is not None:
        return move_message(message.pk, end)
    now = timezone.now()
    if must_wait(last, now):
        return move_message(message.pk, Message.State.WAITING) and _call(contact, last, message)
    if not move_message(message.pk, Message.State.HANDED_OVER):
        return False
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
    else:
        _end_call(contact)
    return True


def _end(contact: Contact, last: InboundMessage) -> Message.State | None:
    """What becomes of words that can never go to a contact; None where they can."""
    if not contact.number_sealed:
        return Message.State.ERASED
    is_still = contact.opted_out or is_silent(last.provider, contact.country)
    return Message.State.WITHHELD if is_still else None


def _whom(message: Message) -> tuple[Contact | None, InboundMessage | None]:
    """Whom a message is for, the contact's row locked, and what they wrote last."""
    contact = Contact.objects.select_for_update().filter(reporter=message.report.reporter).first()
    return contact, latest_message(contact) if contact else None


def _call(contact: Contact, last: InboundMessage, message: Message) -> bool:
    now = timezone.now()
    call_back(contact, last, message.language, now)
    dialogue, _is_new = Dialogue.objects.get_or_create(contact=contact)
    if not dialogue.standing(now).asked:
        dialogue.call(message.report.reference, now)
        dialogue.save()
    return True


def _end_call(contact: Contact) -> None:
    """What waited has gone: nobody is asked to write any more."""
    dialogue = Dialogue.objects.filter(contact=contact, asked=CALLED).first()
    if dialogue is not None:
        dialogue.close()
        dialogue.save()


def _bring_back() -> int:
    underway = messages_underway(CHANNELS, timezone.now() - _WATCHED)
    sent = OutboundMessage.objects.filter(correspondence__in=underway) if underway else ()
    return sum(_move_on(message) for message in sent)


def _move_on(sent: OutboundMessage) -> bool:
    state = _STATES.get(sent.delivery) or _STATES.get(sent.state)
    if state is None or sent.correspondence is None:
        return False
    if state == Message.State.FAILED and _came_too_late(sent):
        return _let_wait_after_all(sent, sent.correspondence)
    return move_message(sent.correspondence, state)


def _came_too_late(sent: OutboundMessage) -> bool:
    line = PROVIDERS.get(sent.provider)
    return line is not None and bool(line.too_late) and line.too_late in {sent.error, sent.delivery_error}


@transaction.atomic
def _let_wait_after_all(sent: OutboundMessage, message_id: UUID) -> bool:
    """The provider says that the reporter wrote too long ago: its word counts, whatever we had reckoned.

    What it refused stays as it is, without the message that it carried: a late report is about no other.
    """
    message = Message.objects.select_related("report__reporter").get(pk=message_id)
    contact, last = _whom(message)
    if contact is None or last is None or not can_call(last):
        return move_message(message_id, Message.State.FAILED)
    if (end := _end(contact, last)) is not None:
        return move_message(message_id, end)
    if not let_wait(message_id):
        return False
    OutboundMessage.objects.filter(pk=sent.pk).update(correspondence=None)
    has_written_since = last.received_at > sent.created_at
    return has_written_since or _call(contact, last, message)
