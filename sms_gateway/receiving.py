"""Receiving a message: kept first, then taken in, in the request when possible and by a worker when not.

The message is committed before anything else is tried, so a crash between any two steps loses nothing;
the unique constraint on the provider's message id, and not a look-up, makes a repeated delivery one message.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import F
from django.utils import timezone

from impact.incidents.intake import DraftError
from sms_gateway.acknowledging import Reply
from sms_gateway.contacts import contact_behind
from sms_gateway.faults import fault
from sms_gateway.inbound import InboundSms
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.taking_in import take_in_message

MOST_ATTEMPTS = 10
REQUEST_TIME = timedelta(seconds=10)  # a worker leaves a message to its own request for this long

logger = logging.getLogger("headlamp.sms")


class NotStored(Exception):
    """The message could not be kept: the provider has to deliver it again."""


def receive_message(sms: InboundSms) -> Reply | None:
    """Keep a message, take it in, and give what to answer; None when nothing is to be answered now.

    The same delivery twice is one report and one answer. Raises NotStored, and only then is the
    message not ours; a fault after that is ours to repair and the worker's to finish.
    """
    try:
        message = _keep(sms)
    except (DatabaseError, InterfaceError) as error:
        # Only the kind of the error: its words and its cause can hold the values of the row.
        raise NotStored(fault(error)) from None
    try:
        is_in_answer = PROVIDERS[sms.provider].answers_in_response
        if message.state == InboundMessage.State.RECEIVED:
            take_in_message(message, is_in_answer=is_in_answer)
        return _answer(message) if is_in_answer else None
    except Exception as error:  # noqa: BLE001  (whatever it is, the message is kept and the worker has it)
        logger.error("message %s left to the worker: %s", message.pk, fault(error))
        return None


def finish_received(limit: int = 100) -> int:
    """Take in what a request left behind, and queue the answers: a worker's turn. Returns how many."""
    due = InboundMessage.objects.select_related("contact").filter(
        state=InboundMessage.State.RECEIVED, try_after__lte=timezone.now()
    )
    return sum(_finish(message) for message in due.order_by("try_after")[:limit])


@transaction.atomic(durable=True)
def _keep(sms: InboundSms) -> InboundMessage:
    now = timezone.now()
    message = InboundMessage(
        provider=sms.provider,
        provider_message_id=_storable(sms.message_id),
        contact=contact_behind(_storable(sms.sender), sms.country),
        text=_storable(sms.text),
        attachments=sms.attachments,
        control=sms.control or "",
        is_answered=sms.is_answered,
        channel=sms.channel,
        longitude=sms.location[0] if sms.location else None,
        latitude=sms.location[1] if sms.location else None,
        reply_link=_storable(sms.reply_link)[:200],
        held_because=sms.doubt,
        state=InboundMessage.State.HELD if sms.doubt else InboundMessage.State.RECEIVED,
        received_at=min(sms.sent_at or sms.received_at, sms.received_at, now),
        try_after=now + REQUEST_TIME,
        is_fictional=sms.is_fictional or settings.DEMO,
    )
    # Not "insert and catch": a refused insert would be written, text and all, into PostgreSQL's log.
    InboundMessage.objects.bulk_create([message], ignore_conflicts=True)
    return InboundMessage.objects.select_related("contact").get(
        provider=message.provider, provider_message_id=message.provider_message_id
    )


def _answer(message: InboundMessage) -> Reply | None:
    """The reply, if it goes back in an answer: a text that the worker sends is never answered as well."""
    OutboundMessage.objects.filter(in_reply_to=message, state=OutboundMessage.State.QUEUED).update(
        state=OutboundMessage.State.SENT, is_in_answer=True
    )
    reply = OutboundMessage.objects.filter(in_reply_to=message, is_in_answer=True).first()
    if reply is None:
        return None
    reference = InboundMessage.objects.values_list("report_reference", flat=True).get(pk=message.pk)
    return Reply(reply.text, reply.language, reference)


def _finish(message: InboundMessage) -> bool:
    wait = REQUEST_TIME * 2**message.attempts
    claimed = InboundMessage.objects.filter(
        pk=message.pk, state=InboundMessage.State.RECEIVED, attempts=message.attempts
    ).update(attempts=F("attempts") + 1, try_after=timezone.now() + wait)
    if not claimed:
        return False
    try:
        take_in_message(message, is_in_answer=False)
    except Exception as error:  # noqa: BLE001  (one message that fails must not hold up the others)
        is_hopeless = isinstance(error, DraftError) or message.attempts + 1 >= MOST_ATTEMPTS
        logger.error("message %s not taken in: %s", message.pk, fault(error))
        InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.RECEIVED).update(
            state=InboundMessage.State.FAILED if is_hopeless else InboundMessage.State.RECEIVED,
            error=type(error).__name__,
        )
        return False
    return True


def _storable(text: str) -> str:
    """The text without the two things that a database can't hold: half a surrogate pair, and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
