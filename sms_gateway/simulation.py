"""A phone on the screen: one message through the simulator, as if it had come over the air."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from impact.vocabulary import Channel
from sms_gateway.intake.keeping import keep_message
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers.contract import Malformed
from sms_gateway.providers.simulator import simulated_sms
from sms_gateway.receiving import receive_message

_PROBLEMS = {
    "from": "the number is not one that can exist; write it as +243810000001",
    "text": "the text is too long",
    "id": "the id is too long",
}


class SimulatorOff(RuntimeError):
    """The simulator belongs to the demo and to debugging; this installation is neither."""


@dataclass(frozen=True, slots=True)
class SimulatedExchange:
    """What came of a message: what it was taken for ("report", "answer", "stop" …), and the replies.

    `reference` is of the report that it made or belongs to, empty where there is none.
    """

    reference: str
    replies: tuple[str, ...]
    became: str = ""
    contact_id: int = 0


def simulate_message(
    sender: str, text: str, *, message_id: str = "", sent_at: datetime | None = None
) -> SimulatedExchange:
    """Receive a text from a number in E.164 (+243…).

    Raises ValueError for a sender that can't be a number or a text that is too long, SimulatorOff,
    and NotStored.
    """
    if not settings.SIMULATOR_ENABLED:
        raise SimulatorOff
    try:
        sms = simulated_sms(sender, text, message_id, sent_at)
    except Malformed as error:
        raise ValueError(_PROBLEMS[error.field]) from None
    reply = receive_message(sms)
    message = InboundMessage.objects.get(provider=sms.provider, provider_message_id=sms.message_id)
    replies = () if reply is None else (reply.text,)
    return SimulatedExchange(message.report_reference, replies, message.became, message.contact_id)


def simulate_flood(sender: str, texts: Sequence[str], *, message_id: str, sent_at: datetime) -> None:
    """Messages that are held for review, as if the number had sent too many before. Twice is once.

    Raises SimulatorOff.
    """
    if not settings.SIMULATOR_ENABLED:
        raise SimulatorOff
    for number, text in enumerate(texts):
        at = sent_at + timedelta(seconds=20 * number)
        sms = replace(simulated_sms(sender, text, f"{message_id}-{number}", at), received_at=at)
        with transaction.atomic():
            kept = keep_message(sms, is_live=True)
            if kept.is_new:
                held = InboundMessage.objects.filter(pk=kept.message.pk)
                held.update(state=InboundMessage.State.HELD, held_because="number")


def messages_to(contact_id: int) -> list[tuple[str, str]]:
    """(key, text) of what was sent to a simulated telephone by itself and not as a reply, the oldest first.

    Raises SimulatorOff.
    """
    if not settings.SIMULATOR_ENABLED:
        raise SimulatorOff
    waiting = (OutboundMessage.State.QUEUED, OutboundMessage.State.FAILED)
    sent = OutboundMessage.objects.filter(
        contact=contact_id, is_in_answer=False, channel=Channel.SIMULATOR
    ).exclude(state__in=waiting)
    return [(str(message.pk), message.text) for message in sent.order_by("created_at")]
