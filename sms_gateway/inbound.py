"""A text message in the neutral form that every provider's request is brought into."""

from dataclasses import dataclass
from datetime import datetime

from sms_gateway.keywords import Control


@dataclass(frozen=True, slots=True)
class InboundSms:
    """One message as a provider handed it over.

    `message_id` is the provider's own and the same for every delivery of the message. `sender` is a
    number, best in E.164; `country` (ISO 3166-1) is what the provider says of it. `control` is what the
    provider made of the message, and `is_answered` says that the provider has answered it by itself.
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
