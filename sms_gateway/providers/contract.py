"""What a provider is: one class in one file, and one line in the registry."""

from collections.abc import Sequence
from typing import Protocol

from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse

from impact.vocabulary import Channel
from sms_gateway.inbound import InboundSms


class Forbidden(Exception):
    """A request that does not come from the provider."""


class Malformed(Exception):
    """A genuine request that is no message; `field` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class SendError(Exception):
    """A message that was not sent. `code` never holds a number or a provider's words.

    `permanent`: trying again is useless. `opted_out`: the person wants no messages.
    """

    def __init__(self, code: str, *, permanent: bool, opted_out: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.opted_out = opted_out


class Provider(Protocol):
    channel: Channel
    has_token: bool  # whether its address ends in a secret token

    def verify(self, request: HttpRequest, token: str) -> None:
        """Raise Forbidden unless the request comes from the provider. Nothing is read before."""

    def parse(self, request: HttpRequest) -> InboundSms:
        """The message in a verified request. Raises Malformed."""

    def response(self, reply_text: str | None) -> HttpResponse:
        """The answer to a message that is stored, with or without a text for the sender."""

    def send(self, to: str, text: str) -> str:
        """Send a text to a number (E.164) and give the provider's message id. Raises SendError."""

    def is_enabled(self) -> bool:
        """Whether its address exists here."""

    def check(self) -> Sequence[CheckMessage]:
        """What is wrong with its settings."""
