"""What Twilio says of a message that it took from us, and whether one of its list is a text of ours.

https://www.twilio.com/docs/messaging/api/message-resource
"""

from datetime import datetime, timedelta
from typing import Any

from impact.vocabulary import Channel
from sms_gateway.outbound import OutgoingSms, SentMessage
from sms_gateway.providers import fields
from sms_gateway.providers.twilio_parameters import WHATSAPP

BY_API = "outbound-api"  # and not in an answer to a webhook
TRIAL = "Sent from your Twilio trial account - "
CLOCKS_APART = timedelta(hours=1)  # ours and Twilio's


def destination(sms: OutgoingSms) -> str:
    return WHATSAPP + sms.to if sms.channel == Channel.WHATSAPP else sms.to


def sent_message(message: Any) -> SentMessage:
    segments, cost = fields.number(message.num_segments), fields.price(message.price)
    return SentMessage(str(message.sid), segments, cost, message.price_unit or "")


def may_be(message: Any, sms: OutgoingSms, since: datetime, service: str | None) -> bool:
    """Whether a message of the list for a number can be this text, taken since then. `service` is the
    messaging service that we send through, if we do."""
    return (
        message.direction == BY_API
        and message.messaging_service_sid == service
        and message.date_created is not None
        and message.date_created >= since - CLOCKS_APART
        and (message.body or "").removeprefix(TRIAL).strip() == sms.text.strip()
    )
