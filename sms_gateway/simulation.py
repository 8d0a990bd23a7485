"""A phone on the screen: one message through the simulator, as if it had come over the air."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from sms_gateway.models import InboundMessage
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
    """What came of a message; `reference` is empty when it made no report."""

    reference: str
    replies: tuple[str, ...]


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
    return SimulatedExchange(message.report_reference, () if reply is None else (reply.text,))
