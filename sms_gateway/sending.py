"""Sending what is queued, a worker's turn: claimed row by row, tried again after growing waits."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from impact.operations.claiming import claim
from impact.sealing import can_open
from impact.vocabulary import Channel
from sms_gateway.contacts import NumberErased, locked_contact, number_of
from sms_gateway.delivery import apply_early_reports
from sms_gateway.faults import fault
from sms_gateway.intake.exit_points import reached
from sms_gateway.models import Contact, OutboundMessage
from sms_gateway.outbound import OutgoingSms, SentMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import Provider, SendError

WAITS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)
LEASE = timedelta(minutes=5)  # a worker that has not come back by then has died

logger = logging.getLogger("headlamp.sms")


def send_queued(limit: int = 100) -> int:
    """Send the messages whose time has come. Returns how many were sent.

    A worker can die between sending and saying so. Before another try the provider is asked whether it
    had taken the message; where it can't say, it may come twice: the other way round, it would never come.
    """
    if not can_open():
        return 0  # this host finds numbers and can't read them: a worker elsewhere sends
    due = OutboundMessage.objects.select_related("contact").filter(
        state__in=(OutboundMessage.State.QUEUED, OutboundMessage.State.SENDING),
        send_after__lte=timezone.now(),
    )
    return sum(_send(message) for message in due.order_by("send_after")[:limit])


def _send(message: OutboundMessage) -> bool:
    if not claim(
        message,
        still={"state": message.state},
        state=OutboundMessage.State.SENDING,
        send_after=timezone.now() + LEASE,
    ):
        return False
    try:
        sent = _hand_over(message)
    except SendError as error:
        _put_back(message, error)
        return False
    except Exception as error:  # noqa: BLE001  (one message that fails must not hold up the others)
        logger.error("message %s: %s", message.pk, fault(error))
        _put_back(message, SendError(type(error).__name__, permanent=False, in_doubt=True))
        return False
    reached("after-send")
    _note_sent(message, sent)
    return True


def _note_sent(message: OutboundMessage, sent: SentMessage) -> None:
    message.provider_message_id = sent.provider_message_id
    OutboundMessage.objects.filter(pk=message.pk).update(
        state=OutboundMessage.State.SENT,
        provider_message_id=sent.provider_message_id,
        sent_at=timezone.now(),
        error="",
        **({"segments": sent.segments} if sent.segments else {}),
        **({} if sent.cost is None else {"cost": sent.cost, "currency": sent.currency}),
    )
    apply_early_reports(message)


def _hand_over(message: OutboundMessage) -> SentMessage:
    if message.contact.opted_out:
        raise SendError("opted out", permanent=True)
    try:
        number = number_of(message.contact)
    except NumberErased:
        raise SendError("number erased", permanent=True) from None
    sms = OutgoingSms(
        to=number,
        text=message.text,
        own_id=str(message.pk),
        channel=Channel(message.channel),
        reply_link=message.reply_link,
        template=message.template,
    )
    line = PROVIDERS[message.provider]
    # One that somebody was sending when this turn began was left so by a worker that died.
    is_in_doubt = message.is_in_doubt or message.state == OutboundMessage.State.SENDING
    if is_in_doubt and (sent := _taken_before(message, line, sms)) is not None:
        logger.warning("message %s had gone out at an earlier try", message.pk)
        return sent
    reached("before-send")
    return line.send(sms)


def _taken_before(message: OutboundMessage, line: Provider, sms: OutgoingSms) -> SentMessage | None:
    """What the provider took at an earlier try; None where it took nothing, or can't say."""
    try:
        found = {sent.provider_message_id: sent for sent in line.taken(sms, message.created_at)}
    except SendError as error:
        if error.permanent or message.attempts >= len(WAITS):
            return None  # it will never say, and this is the last try: rather twice than never
        raise SendError(error.code, permanent=False, in_doubt=True) from None
    if not found:
        return None
    with transaction.atomic():
        locked_contact(message.contact_id)  # two messages with the same words do not both take one for theirs
        named = OutboundMessage.objects.filter(provider=message.provider, provider_message_id__in=found)
        for known in named.exclude(pk=message.pk).values_list("provider_message_id", flat=True):
            found.pop(known, None)
        sent = next(iter(found.values()), None)
        if sent is not None:
            OutboundMessage.objects.filter(pk=message.pk).update(provider_message_id=sent.provider_message_id)
    return sent


def _put_back(message: OutboundMessage, error: SendError) -> None:
    is_over = error.permanent or message.attempts >= len(WAITS)
    logger.warning("message %s not sent: %s%s", message.pk, error.code, ", given up" if is_over else "")
    if error.opted_out:
        Contact.objects.filter(pk=message.contact_id).update(opted_out=True)
    # A report of it can have come meanwhile, and said that it left.
    still_sending = OutboundMessage.objects.filter(pk=message.pk, state=OutboundMessage.State.SENDING)
    still_sending.update(
        state=OutboundMessage.State.FAILED if is_over else OutboundMessage.State.QUEUED,
        error=error.code,
        is_in_doubt=error.in_doubt,
        send_after=timezone.now() + (timedelta() if is_over else WAITS[message.attempts]),
    )
