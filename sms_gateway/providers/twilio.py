"""Twilio Programmable Messaging, SMS and WhatsApp. The only file that knows twilio.

Signatures: https://www.twilio.com/docs/usage/webhooks/webhooks-security
Status callbacks: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
Templates: https://www.twilio.com/docs/content/send-templates-created-with-the-content-template-builder
Deleting: https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource
Errors: https://www.twilio.com/docs/api/errors
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings as django_settings
from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from impact.vocabulary import Channel
from sms_gateway.conversation.keywords import Control
from sms_gateway.inbound import UNKNOWN_PARAMETERS
from sms_gateway.providers import fields
from sms_gateway.providers.calling import IN_DOUBT, is_lasting
from sms_gateway.providers.contract import (
    API_ADDRESS,
    DeliveryStatus,
    DeliveryUpdate,
    Event,
    Forbidden,
    InboundSms,
    Malformed,
    Media,
    OutgoingSms,
    Provider,
    SendError,
    SentMessage,
    Setting,
)
from sms_gateway.providers.twilio_media import API, fetch_at_twilio
from sms_gateway.providers.twilio_parameters import (
    MOST_MEDIA,
    STATUSES,
    WHATSAPP,
    attachments,
    has_unknown_names,
    media_of,
    need,
    sender_and_channel,
)
from sms_gateway.providers.twilio_sent import destination, may_be, sent_message
from sms_gateway.providers.twilio_templates import read_templates, template_findings

API_TIMEOUT_S = 10.0
OPTED_OUT = 21610
NOT_FOUND = 404
MOST_REPLIES = 1000  # to one person, found at a time
TOO_LATE_ON_WHATSAPP = 63016  # more than 24 hours after their latest message, and no template
_ORIGIN = "a number in E.164, a short code, or a messaging service `MG…`"
_ORIGINS = r"\+[0-9]{7,15}|[0-9]{3,8}|MG[0-9a-f]{32}"
_SILENT = logging.Logger("twilio, which would log every request", level=logging.CRITICAL + 1)

Result = TypeVar("Result")


def is_signed(token: str, url: str, parameters: Mapping[str, Any], signature: str | None) -> bool:
    """Whether a signature is Twilio's over this address and these parameters, known and unknown alike."""
    if not token or not signature:
        return False
    return bool(RequestValidator(token).validate(url, parameters, signature))


class _Parameters(dict[str, list[str]]):
    """A form with the method that the validator looks for first: for others it raises and catches an error
    for each name, twice.
    """

    getall = dict.__getitem__


class Twilio(Provider):
    kind = "twilio"
    label = "Twilio"
    has_token = False
    answers_in_response = True
    can_catch_up = True
    can_forget = True
    too_late = f"twilio {TOO_LATE_ON_WHATSAPP}"
    settings = (
        Setting("ACCOUNT_SID", "the account", is_needed=True, pattern=r"AC[0-9a-f]{32}", shape="`AC…`"),
        Setting("AUTH_TOKEN", "the primary token: it signs", is_needed=True, is_secret=True),
        Setting("FROM", f"what it sends from: {_ORIGIN}", is_needed=True, pattern=_ORIGINS, shape=_ORIGIN),
        Setting("WHATSAPP_FROM", "the same on WhatsApp; by default `FROM`", pattern=_ORIGINS, shape=_ORIGIN),
        Setting("WHATSAPP_TEMPLATES", "approved texts that call back on WhatsApp: `en:HX…,fr:HX…`"),
        Setting(
            "API_BASE",
            "another address of Twilio's API: tests and proxies",
            pattern=API_ADDRESS,
            shape="an address; leave it empty for Twilio itself",
        ),
    )

    def is_enabled(self) -> bool:
        return True  # without a token nothing is signed, and everything refused

    def verify(self, request: HttpRequest, token: str) -> None:
        # The public address and never the Host header: that one the sender of a forgery chooses.
        url = django_settings.PUBLIC_URL + request.get_full_path()
        signature = request.headers.get("X-Twilio-Signature")
        parameters = _Parameters(request.POST.lists())
        if not signature or not is_signed(self.setting("AUTH_TOKEN"), url, parameters, signature):
            raise Forbidden
        if request.POST.get("AccountSid") != self.setting("ACCOUNT_SID"):
            raise Forbidden

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        parameters = request.POST
        if "Body" not in parameters and "MessageStatus" in parameters:
            return self.parse_delivery(request)
        need(parameters, "MessageSid", "From")
        if "Body" not in parameters:
            raise Malformed("Body")
        opt_out = parameters.get("OptOutType", "")
        sender, channel = sender_and_channel(parameters["From"])
        return [
            InboundSms(
                provider=self.name,
                message_id=parameters["MessageSid"],
                sender=sender,
                text=parameters["Body"],
                country=fields.country(parameters.get("FromCountry", "")) or self.country,
                attachments=attachments(parameters),
                control=Control(opt_out.lower()) if opt_out.lower() in set(Control) else None,
                is_answered=bool(opt_out),
                channel=channel,
                media=media_of(parameters),
                location=fields.point(parameters.get("Longitude", ""), parameters.get("Latitude", "")),
                doubt=UNKNOWN_PARAMETERS if has_unknown_names(parameters) else "",
            )
        ]

    def parse_delivery(self, request: HttpRequest) -> Sequence[DeliveryUpdate]:
        parameters = request.POST
        need(parameters, "MessageSid", "MessageStatus")
        if has_unknown_names(parameters):
            return []  # what can't be confirmed changes nothing; the next report says it again
        code = parameters.get("ErrorCode", "")
        return [
            DeliveryUpdate(
                provider=self.name,
                provider_message_id=parameters["MessageSid"],
                own_id=request.GET.get("id", ""),
                status=STATUSES.get(parameters["MessageStatus"].lower(), DeliveryStatus.UNKNOWN),
                error=f"twilio {code}" if re.fullmatch(r"[1-9][0-9]{3,5}", code) else "",
                is_opt_out=code == str(OPTED_OUT),
            )
        ]

    def response(self, reply_text: str | None) -> HttpResponse:
        twiml = MessagingResponse()
        if reply_text is not None:
            twiml.message(reply_text)
        return HttpResponse(str(twiml), content_type="text/xml; charset=utf-8")

    def catch_up(self, since: datetime) -> Iterable[InboundSms]:
        listed = self._ask(
            lambda client: client.messages.list(date_sent_after=since.astimezone(UTC), page_size=1000)
        )
        for message in listed:
            if message.direction == "inbound":
                yield self._listed(message)

    def confirm(self, message_id: str) -> InboundSms | None:
        try:
            message = self._ask(lambda client: client.messages(message_id).fetch())
        except SendError as error:
            if error.permanent:
                return None
            raise
        return self._listed(message) if message.direction == "inbound" else None

    def forget(self, message_id: str, before: datetime) -> None:
        def delete_all(client: Client) -> None:
            with _unless_gone():
                message = client.messages(message_id).fetch()
                if message.direction == "inbound":
                    # A reply that went back with an answer has an id that nobody told us.
                    for reply in client.messages.list(
                        from_=message.to,
                        to=message.from_,
                        date_sent_before=before.astimezone(UTC),
                        limit=MOST_REPLIES,
                    ):
                        with _unless_gone():
                            client.messages(reply.sid).delete()
                client.messages(message_id).delete()  # and what came with it

        self._ask(delete_all)

    def fetch_media(self, media: Media, limit_bytes: int) -> bytes:
        account, token = self.setting("ACCOUNT_SID"), self.setting("AUTH_TOKEN")
        base = self.setting("API_BASE")
        return fetch_at_twilio(media.url, base=base, account=account, token=token, limit_bytes=limit_bytes)

    def send(self, sms: OutgoingSms) -> SentMessage:
        # Since April 2025 WhatsApp takes no template from the body, and with one no body.
        words = {"content_sid": sms.template} if sms.template else {"body": sms.text}
        arguments: dict[str, str] = {**words, **self._origin(sms.channel), "to": destination(sms)}
        if sms.own_id and django_settings.PUBLIC_URL.startswith("https://"):
            arguments["status_callback"] = f"{self.address(status=True)}?{urlencode({'id': sms.own_id})}"
        message = self._ask(lambda client: client.messages.create(**arguments))
        if not message.sid:
            raise SendError("twilio gave no id", permanent=False, in_doubt=True)
        return sent_message(message)

    def taken(self, sms: OutgoingSms, since: datetime) -> Sequence[SentMessage]:
        origin = self._origin(sms.channel)
        service = origin.pop("messaging_service_sid", None)  # there is no asking for one
        # Nor by DateSent: what waits in Twilio's queue has none yet.
        listed = self._ask(
            lambda client: client.messages.list(
                to=destination(sms), **origin, limit=MOST_REPLIES, page_size=1000
            )
        )
        return [sent_message(message) for message in listed if may_be(message, sms, since, service)]

    def templates(self) -> Mapping[str, str]:
        return read_templates(self.setting("WHATSAPP_TEMPLATES"))[0]

    def check(self) -> Sequence[CheckMessage]:
        name = "WHATSAPP_TEMPLATES"
        return [*super().check(), *template_findings(self.variable(name), self.setting(name))]

    def _origin(self, channel: Channel) -> dict[str, str]:
        origin = self.setting("FROM")
        if channel == Channel.WHATSAPP:
            origin = self.setting("WHATSAPP_FROM") or origin
        if origin.startswith("MG"):
            return {"messaging_service_sid": origin}
        return {"from_": WHATSAPP + origin if channel == Channel.WHATSAPP else origin}

    def _ask(self, question: Callable[[Client], Result]) -> Result:
        """What the API answers. Raises SendError, with the kind of the error and never its words."""
        http = _HttpClient(self.setting("API_BASE"))
        try:
            client = Client(self.setting("ACCOUNT_SID"), self.setting("AUTH_TOKEN"), http_client=http)
            return question(client)
        except TwilioException as error:
            raise _send_error(error) from None
        except (requests.RequestException, ValueError, KeyError) as error:
            raise SendError(type(error).__name__, permanent=False, in_doubt=True) from None

    def _listed(self, message: Any) -> InboundSms:
        """A message of Twilio's list: what its webhook would have said, as far as the list says it."""
        sender, channel = sender_and_channel(message.from_ or "")
        count = fields.number(message.num_media)
        return InboundSms(
            provider=self.name,
            message_id=str(message.sid),
            sender=sender,
            text=message.body or "",
            sent_at=message.date_sent or message.date_created,
            country=self.country,
            attachments=count,
            channel=channel,
            media=self._listed_media(message) if count else (),
        )

    def _listed_media(self, message: Any) -> tuple[Media, ...]:
        listed = self._ask(lambda client: client.messages(message.sid).media.list(limit=MOST_MEDIA))
        return tuple(
            Media(content_type=item.content_type or "", url=API + str(item.uri).removesuffix(".json"))
            for item in listed
        )


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's client, at another address when one is set, and without its log of every request."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=API_TIMEOUT_S, logger=_SILENT)
        self.base = base.rstrip("/")

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Response:
        if self.base:
            url = self.base + url.removeprefix(f"https://{urlsplit(url).netloc}")
        return super().request(method, url, *arguments, **named)


@contextmanager
def _unless_gone() -> Iterator[None]:
    """What is asked in this block is done with where Twilio has no such thing (any more)."""
    try:
        yield
    except TwilioRestException as error:
        if error.status != NOT_FOUND:
            raise


def _send_error(error: TwilioException) -> SendError:
    # The library tells a refused list by an error of its own, with the answer in it.
    answers = [part.status_code for part in error.args if isinstance(part, Response)]
    status, code = answers[0] if answers else getattr(error, "status", 0), getattr(error, "code", None)
    if not status:
        return SendError(type(error).__name__, permanent=False, in_doubt=True)
    return SendError(
        f"twilio {code or status}",
        # A day later it is still too late, whatever the status is that says so.
        permanent=is_lasting(status) or code == TOO_LATE_ON_WHATSAPP,
        opted_out=code == OPTED_OUT,
        in_doubt=status in IN_DOUBT,
    )
