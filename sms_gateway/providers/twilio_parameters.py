"""What Twilio's requests say: the names and values of their forms.

Requests: https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import re

from django.http import QueryDict

from impact.vocabulary import Channel
from sms_gateway.inbound import Media
from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.outbound import DeliveryStatus
from sms_gateway.providers import fields
from sms_gateway.providers.contract import Malformed

MOST_MEDIA = 10  # of one message, says Twilio
WHATSAPP = "whatsapp:"
STATUSES = {
    "accepted": DeliveryStatus.QUEUED,
    "scheduled": DeliveryStatus.QUEUED,
    "queued": DeliveryStatus.QUEUED,
    "sending": DeliveryStatus.QUEUED,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.READ,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}

# A signature covers names and values without borders between them: one signed request can be cut up anew,
# with what is left over in a parameter of another name. So a name that is not here is a doubt.
_KNOWN = frozenset(
    "AccountSid AddOns Address ApiVersion Body ButtonPayload ButtonText ButtonType ChannelInstallSid "
    "ChannelMetadata ChannelPrefix ChannelStatusMessage ChannelToAddress ErrorCode ErrorMessage EventType "
    "ExternalUserId FlowData Forwarded FrequentlyForwarded From FromCity FromCountry FromState FromZip "
    "InteractiveData Label Latitude Longitude MessageSid MessageStatus MessageType MessagingServiceSid "
    "NumMedia NumSegments OptOutType OriginalRepliedMessageSender OriginalRepliedMessageSid ParentAccountSid "
    "ProfileName RawDlrDoneDate ReferralBody ReferralCtwaClid ReferralHeadline ReferralMediaContentType "
    "ReferralMediaId ReferralMediaUrl ReferralNumMedia ReferralSourceId ReferralSourceType ReferralSourceUrl "
    "SmsMessageSid SmsSid SmsStatus StructuredMessage To ToCity ToCountry ToState ToZip WaId".split()
)
_KNOWN_NUMBERED = re.compile(r"Media(?:Url|ContentType)[0-9]|MediaSid[0-9]")


def need(parameters: QueryDict, *names: str) -> None:
    """Raises Malformed for a name without a value, and for a message id that no row can hold."""
    for name in names:
        if not parameters.get(name, "").strip():
            raise Malformed(name)
    if len(parameters["MessageSid"]) > MESSAGE_ID_LIMIT:
        raise Malformed("MessageSid")


def has_unknown_names(parameters: QueryDict) -> bool:
    """Whether a form has a name that Twilio does not use, as far as we know."""
    return any(name not in _KNOWN and not _KNOWN_NUMBERED.fullmatch(name) for name in parameters)


def sender_and_channel(written: str) -> tuple[str, Channel]:
    """The sender without the channel that stands before it."""
    if written.lower().startswith(WHATSAPP):
        return written[len(WHATSAPP) :].strip(), Channel.WHATSAPP
    return written, Channel.SMS


def attachments(parameters: QueryDict) -> int:
    """How many files came with a message."""
    return fields.number(parameters.get("NumMedia", "0"), most=100)


def media_of(parameters: QueryDict) -> tuple[Media, ...]:
    """The files that came with a message: where Twilio serves them."""
    return tuple(
        Media(
            content_type=parameters.get(f"MediaContentType{i}", "")[:100],
            url=parameters.get(f"MediaUrl{i}", ""),
        )
        for i in range(min(attachments(parameters), MOST_MEDIA))
        if parameters.get(f"MediaUrl{i}")
    )
