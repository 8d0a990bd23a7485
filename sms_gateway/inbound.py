"""A text message in the neutral form that every provider's request is brought into."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from impact.vocabulary import Channel
from sms_gateway.conversation.keywords import Control

UNKNOWN_PARAMETERS = "unknown parameters"


@dataclass(frozen=True, slots=True)
class Media:
    """What came with a message: an address that the provider serves it at, or the content itself."""

    content_type: str = ""
    url: str = ""
    content: bytes = b""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class InboundSms:
    """One message as a provider handed it over.

    `provider` is the name of the line, and `message_id` the provider's own, the same for every delivery
    of the message. `sender` is a number, best in E.164; `country` (ISO 3166-1) is what the provider or
    the line's settings say of it. `location` is (longitude, latitude) in WGS 84 degrees. `sent_at` is the
    provider's moment, `received_at` ours. `reply_link` has to come back with a reply to it (Africa's
    Talking). `control` is what the provider made of the message, and `is_answered` says that the provider
    has answered it by itself. `doubt` says why it has to be confirmed before anything is made of it.
    """

    provider: str
    message_id: str
    sender: str
    text: str
    sent_at: datetime | None = None
    country: str = ""
    attachments: int = 0
    control: Control | None = None
    is_answered: bool = False
    is_fictional: bool = False
    channel: Channel = Channel.SMS
    media: tuple[Media, ...] = ()
    location: tuple[float, float] | None = None
    reply_link: str = ""
    doubt: str = ""
    received_at: datetime = field(default_factory=timezone.now)
