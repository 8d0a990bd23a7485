"""A text that goes out, and what a provider says of it: the neutral forms of both."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from impact.vocabulary import Channel


@dataclass(frozen=True, slots=True)
class OutgoingSms:
    """A text to a number (E.164). `own_id` is ours, for delivery reports to name it by.

    `template` is the provider's own name for a text that was approved beforehand, and says what `text` does:
    it goes in its place.
    """

    to: str
    text: str
    own_id: str = ""
    channel: Channel = Channel.SMS
    reply_link: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class SentMessage:
    """What a provider took. `cost` is in `currency` (ISO 4217), if it says; `segments` is 0 if not."""

    provider_message_id: str
    segments: int = 0
    cost: Decimal | None = None
    currency: str = ""


class DeliveryStatus(StrEnum):
    """How far a message came. A word of a provider that we do not know is UNKNOWN and changes nothing."""

    UNKNOWN = "unknown"
    QUEUED = "queued"
    SENT = "sent"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    DELIVERED = "delivered"
    READ = "read"

    @property
    def rank(self) -> int:
        """Reports come in any order: the higher rank stays. What has arrived has not failed."""
        return _RANKS[self]


_RANKS = {
    DeliveryStatus.UNKNOWN: 0,
    DeliveryStatus.QUEUED: 1,
    DeliveryStatus.SENT: 2,
    DeliveryStatus.UNDELIVERED: 3,
    DeliveryStatus.FAILED: 3,
    DeliveryStatus.DELIVERED: 4,
    DeliveryStatus.READ: 5,
}


@dataclass(frozen=True, slots=True)
class DeliveryUpdate:
    """A delivery report: about our id where the provider carries it, else about the provider's."""

    provider: str
    status: DeliveryStatus
    provider_message_id: str = ""
    own_id: str = ""
    error: str = ""
    is_opt_out: bool = False
    at: datetime | None = None
    segments: int = 0
    cost: Decimal | None = None
    currency: str = ""
