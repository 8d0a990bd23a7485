"""Twilio Programmable Messaging. The only file that knows twilio.

Requests: https://www.twilio.com/docs/messaging/guides/webhook-request
Signatures: https://www.twilio.com/docs/usage/webhooks/webhooks-security
Errors: https://www.twilio.com/docs/api/errors
"""

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
import requests
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as CheckWarning
from django.http import HttpRequest, HttpResponse, QueryDict
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from impact.vocabulary import Channel
from sms_gateway.inbound import InboundSms
from sms_gateway.keywords import Control
from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.providers.contract import Forbidden, Malformed, SendError

API_TIMEOUT_S = 10.0
OPTED_OUT = 21610
_OUR_FAULT = {401, 403, 408, 425, 429}  # settings or pace, not the message: worth another try
_SILENT = logging.Logger("twilio, which would log every request", level=logging.CRITICAL + 1)


def is_signed(token: str, url: str, parameters: Mapping[str, Any], signature: str | None) -> bool:
    """Whether a signature is Twilio's over this address and these parameters, known and unknown alike."""
    if not token or not signature:
        return False
    return bool(RequestValidator(token).validate(url, parameters, signature))


class Twilio:
    channel = Channel.SMS
    has_token = False

    def is_enabled(self) -> bool:
        return True

    def verify(self, request: HttpRequest, token: str) -> None:
        # The public address and never the Host header: that one the sender of a forgery chooses.
        url = settings.PUBLIC_URL + request.get_full_path()
        signature = request.headers.get("X-Twilio-Signature")
        if not signature or not is_signed(settings.TWILIO_AUTH_TOKEN, url, request.POST, signature):
            raise Forbidden
        if request.POST.get("AccountSid") != settings.TWILIO_ACCOUNT_SID:
            raise Forbidden

    def parse(self, request: HttpRequest) -> InboundSms:
        for field in ("MessageSid", "From"):
            if not request.POST.get(field, "").strip():
                raise Malformed(field)
        if "Body" not in request.POST:
            raise Malformed("Body")
        if len(request.POST["MessageSid"]) > MESSAGE_ID_LIMIT:
            raise Malformed("MessageSid")
        opt_out = request.POST.get("OptOutType", "")
        return InboundSms(
            provider="twilio",
            message_id=request.POST["MessageSid"],
            sender=request.POST["From"],
            text=request.POST["Body"],
            country=_country(request.POST),
            attachments=_attachments(request.POST),
            control=Control(opt_out.lower()) if opt_out.lower() in set(Control) else None,
            is_answered=bool(opt_out),
        )

    def response(self, reply_text: str | None) -> HttpResponse:
        twiml = MessagingResponse()
        if reply_text is not None:
            twiml.message(reply_text)
        return HttpResponse(str(twiml), content_type="text/xml; charset=utf-8")

    def send(self, to: str, text: str) -> str:
        origin = settings.TWILIO_FROM
        origin = {"messaging_service_sid": origin} if origin.startswith("MG") else {"from_": origin}
        try:
            message = _client().messages.create(to=to, body=text, **origin)
        except TwilioRestException as error:
            raise _send_error(error) from None
        except (TwilioException, requests.RequestException, ValueError) as error:
            raise SendError(type(error).__name__, permanent=False) from None
        if not message.sid:
            raise SendError("twilio gave no id", permanent=False)
        return str(message.sid)

    def check(self) -> Sequence[CheckMessage]:
        given = {
            name: getattr(settings, name)
            for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
        }
        return [*_incomplete(given), *_misshapen(given), *_unsafe(given)]


class _HttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's client, at TWILIO_API_BASE when that is set, and without its log of every request."""

    def __init__(self) -> None:
        super().__init__(timeout=API_TIMEOUT_S, logger=_SILENT)

    def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Response:
        if settings.TWILIO_API_BASE:
            url = settings.TWILIO_API_BASE.rstrip("/") + url.removeprefix(f"https://{urlsplit(url).netloc}")
        return super().request(method, url, *arguments, **named)


def _client() -> Client:
    return Client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=_HttpClient())


def _send_error(error: TwilioRestException) -> SendError:
    permanent = 400 <= error.status < 500 and error.status not in _OUR_FAULT
    return SendError(
        f"twilio {error.code or error.status}", permanent=permanent, opted_out=error.code == OPTED_OUT
    )


def _country(parameters: QueryDict) -> str:
    country = parameters.get("FromCountry", "").upper()
    return country if country in phonenumbers.SUPPORTED_REGIONS else ""


def _attachments(parameters: QueryDict) -> int:
    count = parameters.get("NumMedia", "0")
    return min(int(count), 100) if re.fullmatch(r"[0-9]{1,4}", count) else 0


def _incomplete(given: dict[str, str]) -> list[CheckMessage]:
    missing = [name for name, value in given.items() if not value]
    if not missing or len(missing) == len(given):
        return []
    return [
        Error(
            f"Twilio is configured by halves: {', '.join(missing)} is not set.",
            hint="Set all three, or none to do without Twilio. See docs/sms.md.",
            id="headlamp.E101",
        )
    ]


def _misshapen(given: dict[str, str]) -> list[CheckMessage]:
    shapes = {
        "TWILIO_ACCOUNT_SID": (r"AC[0-9a-f]{32}", "AC and 32 hexadecimal digits"),
        "TWILIO_FROM": (r"\+[0-9]{7,15}|[0-9]{3,8}|MG[0-9a-f]{32}", "a number in E.164, a short code or MG…"),
    }
    return [
        Error(f"{name} does not look like one.", hint=f"It is {shape}.", id="headlamp.E102")
        for name, (pattern, shape) in shapes.items()
        if given[name] and not re.fullmatch(pattern, given[name])
    ]


def _unsafe(given: dict[str, str]) -> list[CheckMessage]:
    messages: list[CheckMessage] = []
    base = urlsplit(settings.TWILIO_API_BASE)
    if settings.TWILIO_API_BASE and not (base.scheme in {"http", "https"} and base.hostname):
        messages.append(
            Error(
                "TWILIO_API_BASE is not an address.",
                hint="Leave it empty for Twilio itself; set it for a proxy or a test server only.",
                id="headlamp.E103",
            )
        )
    if (
        all(given.values())
        and settings.PUBLIC_URL.startswith("http://")
        and not (settings.DEMO or settings.DEBUG)
    ):
        messages.append(
            CheckWarning(
                "Twilio would deliver over plain http: everybody on the way reads the reports.",
                hint="Set HEADLAMP_PUBLIC_URL to the https address.",
                id="headlamp.W104",
            )
        )
    return messages
