"""What a provider is: one class in one file, and one line in the registry."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, TypeAlias
from urllib.parse import urlsplit

import phonenumbers
from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from impact.sealing import fingerprint
from impact.vocabulary import Channel
from sms_gateway.inbound import InboundSms, Media
from sms_gateway.outbound import DeliveryStatus, DeliveryUpdate, OutgoingSms, SentMessage
from sms_gateway.providers.declared import Setting, declared_value, variable

__all__ = [
    "API_ADDRESS",
    "DeliveryStatus",
    "DeliveryUpdate",
    "Event",
    "Forbidden",
    "InboundSms",
    "Malformed",
    "Media",
    "MediaError",
    "OutgoingSms",
    "Provider",
    "SendError",
    "SentMessage",
    "Setting",
]

Event: TypeAlias = InboundSms | DeliveryUpdate

TOKEN = Setting(
    "TOKEN",
    "the secret end of its address; by default made from HEADLAMP_KEYS",
    is_secret=True,
    pattern=r"[A-Za-z0-9]{22,100}",  # 128 bits
    shape="at least 22 letters and digits, at random; leave it empty to have one made",
)
COUNTRY = Setting(
    "COUNTRY",
    "the country of numbers that come without a code, ISO 3166-1",
    pattern=f"(?i:{'|'.join(sorted(phonenumbers.SUPPORTED_REGIONS))})",
    shape="a country by two letters of ISO 3166-1, such as SL",
)
FORGET_DAYS = Setting(
    "FORGET_DAYS",
    "after how many days its own copy of a message is deleted there; `0` never",
    default="7",
    pattern=r"[0-9]{1,4}",
    shape="a number of days, or 0",
)
API_ADDRESS = r"https?://[^\s/?#]+[^\s?#]*"


class Forbidden(Exception):
    """A request that does not come from the provider."""


class Malformed(Exception):
    """A genuine request that is no message; `field` names what is wrong with it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class SendError(Exception):
    """A message that was not sent. `code` never holds a number or a provider's words.

    `permanent`: trying again is useless. `opted_out`: the person wants no messages. `in_doubt`: it may have
    been taken all the same, for the answer got lost or says nothing.
    """

    def __init__(
        self, code: str, *, permanent: bool, opted_out: bool = False, in_doubt: bool = False
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.opted_out = opted_out
        self.in_doubt = in_doubt


class MediaError(Exception):
    """A picture or recording that could not be fetched; `permanent`: it never will be."""

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class Provider(ABC):
    """A line: a provider with one set of settings. `name` is in its address and in every row.

    The first line of a provider is called as the provider; more are named in HEADLAMP_SMS_LINES
    ("kannel-sl") and read settings of their own (KANNEL_SL_…). A provider overrides what it can do.
    """

    kind: ClassVar[str]
    label: ClassVar[str]
    channel: ClassVar[Channel] = Channel.SMS
    has_webhook: ClassVar[bool] = True
    has_token: ClassVar[bool] = True  # whether its address ends in a secret token
    methods: ClassVar[tuple[str, ...]] = ("POST",)
    can_send: ClassVar[bool] = True
    can_catch_up: ClassVar[bool] = False
    can_forget: ClassVar[bool] = False
    too_late: ClassVar[str] = ""  # the code by which it says that they wrote too long ago to be written to
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, name: str = "") -> None:
        self.name = name or self.kind

    # What comes.

    def verify(self, request: HttpRequest, token: str) -> None:
        """Raise Forbidden unless the request comes from the provider. Nothing is read before."""
        if not self.has_token or not constant_time_compare(token, self.token):
            raise Forbidden

    @abstractmethod
    def parse(self, request: HttpRequest) -> Sequence[Event]:
        """The messages and delivery reports of a verified request; none for an event that says nothing
        to us. Raises Malformed."""

    def parse_delivery(self, request: HttpRequest) -> Sequence[DeliveryUpdate]:
        """The delivery reports of a verified request to the address with /status/. Raises Malformed."""
        return [event for event in self.parse(request) if isinstance(event, DeliveryUpdate)]

    @property
    def answers_in_response(self) -> bool:
        """Whether a reply goes back with the answer to the request; if not, it is sent. Never both."""
        return False

    def response(self, reply_text: str | None) -> HttpResponse:
        """The answer to a message that is stored, with a text for the sender where replies go that way."""
        return HttpResponse(content_type="text/plain; charset=utf-8")

    def delivery_response(self) -> HttpResponse:
        """The answer to a delivery report."""
        return HttpResponse(content_type="text/plain; charset=utf-8")

    def catch_up(self, since: datetime) -> Iterable[InboundSms]:
        """What came since then, as far as the provider lists it. What is known already may be among it.
        Raises SendError when the provider can't be asked."""
        return ()

    def collect(self) -> Iterable[InboundSms]:
        """What lies in an inbox beside us and waits: a folder of a modem's. Raises SendError, OSError."""
        return ()

    def collected(self, sms: InboundSms) -> None:  # noqa: B027  (most have no inbox)
        """A message that was collected is committed: it need not lie there any more."""

    def confirm(self, message_id: str) -> InboundSms | None:
        """A message of doubt as the provider itself has it; None when it knows none. Raises SendError."""
        return None

    def forget(self, message_id: str, before: datetime) -> None:
        """Delete the provider's own copy of a message that came or went, with its files and with the replies
        to its sender from before this moment. What is not there counts as deleted. Raises SendError."""
        raise NotImplementedError

    def fetch_media(self, media: Media, limit_bytes: int) -> bytes:
        """The content behind a media address. Raises MediaError."""
        raise MediaError("no media by address", permanent=True)

    # What goes.

    @abstractmethod
    def send(self, sms: OutgoingSms) -> SentMessage:
        """Send a text. Raises SendError.

        Where the provider takes an id of ours (`own_id`), a second try with it goes out no second time."""

    def taken(self, sms: OutgoingSms, since: datetime) -> Sequence[SentMessage]:
        """What the provider has taken from us since then that may be this text: asked before another try of
        one whose last try nobody saw the end of. Other texts of ours with the same words may be among it.
        None where it can't say. Raises SendError."""
        return ()

    def templates(self) -> Mapping[str, str]:
        """By language, the approved text (`call` in the phrasebook) that asks people to write again, for when
        nobody may write to them freely any more. The first is for who speaks none of these languages."""
        return {}

    # What it is.

    @classmethod
    def all_settings(cls) -> tuple[Setting, ...]:
        """Its own settings and those that every line has."""
        token = (TOKEN,) if cls.has_webhook and cls.has_token else ()
        forget_days = (FORGET_DAYS,) if cls.can_forget else ()
        return (*cls.settings, *forget_days, *token, COUNTRY)

    def setting(self, name: str) -> str:
        """The value of a declared setting, "" when it has none."""
        declared = next(setting for setting in self.all_settings() if setting.name == name)
        return declared_value(self.name, declared)

    def variable(self, name: str) -> str:
        return variable(self.name, name)

    @property
    def token(self) -> str:
        """The secret end of its address: the setting, else one that hangs on the keys alone."""
        return self.setting("TOKEN") or fingerprint(self.name, "webhook-token")[:32]

    @property
    def forget_days(self) -> int:
        """After how many days its copies of messages are deleted; 0 where they never are."""
        said = self.setting("FORGET_DAYS") if self.can_forget else ""
        return int(said) if re.fullmatch(FORGET_DAYS.pattern, said) else 0

    @property
    def country(self) -> str:
        """The country of numbers without a code, "" where it is not said."""
        return self.setting("COUNTRY").upper()

    def is_enabled(self) -> bool:
        """Whether its address exists here: all that it needs is set."""
        return not self.missing_settings()

    def is_begun(self) -> bool:
        """Whether anything of it is set."""
        return any(self.setting(setting.name) != setting.default for setting in self.settings)

    def missing_settings(self) -> list[str]:
        """The variables that it needs and that are empty."""
        return [
            self.variable(setting.name)
            for setting in self.settings
            if setting.is_needed and not self.setting(setting.name)
        ]

    def address(self, *, status: bool = False) -> str:
        """The public address for the provider to call, the token in it."""
        name = "sms_gateway:provider" if self.has_token else "sms_gateway:signed"
        arguments = [self.name, self.token] if self.has_token else [self.name]
        path = reverse(f"{name}_status" if status else name, args=arguments)
        return f"{django_settings.PUBLIC_URL}{path}"

    def check(self) -> Sequence[CheckMessage]:
        """What is wrong with its settings; a provider adds its own findings to these."""
        findings: list[CheckMessage] = []
        if self.is_begun() and (missing := self.missing_settings()):
            findings.append(
                Error(
                    f"{self.label} is configured by halves: {', '.join(missing)} is not set.",
                    hint="Set all that it needs, or nothing to do without it. See docs/sms.md.",
                    id="headlamp.E101",
                )
            )
        findings += [
            Error(
                f"{self.variable(setting.name)} does not look like one.",
                hint=f"It is {setting.shape}.",
                id="headlamp.E102",
            )
            for setting in self.all_settings()
            if setting.pattern and (value := self.setting(setting.name))
            if not re.fullmatch(setting.pattern, value)
        ]
        is_trial = django_settings.DEMO or django_settings.DEBUG
        if self._is_heard_over_plain_http() and not is_trial:
            findings.append(
                CheckWarning(
                    f"{self.label} would deliver over plain http: everybody on the way reads the reports.",
                    hint="Set HEADLAMP_PUBLIC_URL to the https address.",
                    id="headlamp.W104",
                )
            )
        return findings

    def _is_heard_over_plain_http(self) -> bool:
        is_in_use = self.has_webhook and self.is_begun() and not self.missing_settings()
        return is_in_use and urlsplit(django_settings.PUBLIC_URL).scheme == "http"
