"""Messages of doubt: the provider itself is asked for them before anything is made of them.

Twilio's signature puts no borders between the parameters that it covers, so whoever holds one signed
request can cut it up into another message, with the rest in a parameter of a name that Twilio does not
use. Twilio adds parameters now and then, so such a message is held and not refused.
"""

import logging
from datetime import timedelta

from django.utils import timezone

from impact.sealing import UnsealError
from sms_gateway.contacts import NumberErased, number_of, phone_number
from sms_gateway.inbound import UNKNOWN_PARAMETERS, InboundSms
from sms_gateway.models import InboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import SendError

NOT_KNOWN = "not known to the provider"
ANOTHER = "another message at the provider"
_WAIT = timedelta(minutes=1)

logger = logging.getLogger("headlamp.sms")


def confirm_doubted(limit: int = 20) -> int:
    """Ask for what is in doubt: a worker's turn. Returns how many were confirmed and go on their way.

    What the provider does not know stays held, for people to look at. One that can't be asked is asked again.
    """
    due = InboundMessage.objects.select_related("contact").filter(
        state=InboundMessage.State.HELD, held_because=UNKNOWN_PARAMETERS, try_after__lte=timezone.now()
    )
    return sum(_confirm(message) for message in due.order_by("try_after")[:limit])


def _confirm(message: InboundMessage) -> bool:
    provider = PROVIDERS.get(message.provider)
    if provider is None:
        return False
    held = InboundMessage.objects.filter(pk=message.pk, state=InboundMessage.State.HELD)
    try:
        known = provider.confirm(message.provider_message_id)
        is_same = known is not None and _is_same(known, message)
    except (SendError, UnsealError, NumberErased) as error:
        logger.warning("message %s not confirmed yet: %s", message.pk, type(error).__name__)
        held.update(try_after=timezone.now() + _WAIT)
        return False
    if not is_same:
        held.update(held_because=NOT_KNOWN if known is None else ANOTHER)
        return False
    return bool(held.update(state=InboundMessage.State.RECEIVED, held_because="", try_after=timezone.now()))


def _is_same(known: InboundSms, message: InboundMessage) -> bool:
    number = phone_number(known.sender, known.country) or known.sender.strip()
    return number == number_of(message.contact) and known.text == message.text
