"""Kannel's smsbox, at an operator or beside us. It signs nothing: the secret is the end of its address.

User's guide: https://www.kannel.org/download/1.4.5/userguide-1.4.5/userguide.html (sms-service, sendsms).
It takes 200 and 202 alone as success; docs/sms.md has the lines of its configuration.
"""

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from django.conf import settings as django_settings
from django.core.checks import CheckMessage, Error
from django.http import HttpRequest, HttpResponse

from sms_gateway.conversation.segments import segments
from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.providers import fields
from sms_gateway.providers.calling import call
from sms_gateway.providers.contract import (
    API_ADDRESS,
    DeliveryStatus,
    DeliveryUpdate,
    Event,
    InboundSms,
    OutgoingSms,
    Provider,
    SendError,
    SentMessage,
    Setting,
)

BODY_LIMIT_BYTES = 100_000
_DLR_MASK = 31  # 1 delivered, 2 undeliverable, 4 buffered, 8 taken by the SMSC, 16 rejected by it
_STATUSES = {
    "1": DeliveryStatus.DELIVERED,
    "2": DeliveryStatus.UNDELIVERED,
    "4": DeliveryStatus.QUEUED,
    "8": DeliveryStatus.SENT,
    "16": DeliveryStatus.FAILED,
}


class Kannel(Provider):
    kind = "kannel"
    label = "Kannel"
    methods = ("GET", "POST")
    settings = (
        Setting(
            "SENDSMS_URL",
            "`http://127.0.0.1:13013/cgi-bin/sendsms`; empty: replies go back in the answer",
            pattern=API_ADDRESS,
            shape="an address",
        ),
        Setting("USERNAME", "of its sendsms-user"),
        Setting("PASSWORD", "of its sendsms-user", is_secret=True),
        Setting("FROM", "the number or name that it sends from"),
        Setting("SMSC", "the smsc-id to send by, where there are several"),
        Setting(
            "DLR_BASE",
            "where Kannel reaches us for delivery reports; by default `HEADLAMP_PUBLIC_URL`",
            pattern=API_ADDRESS,
            shape="an address",
        ),
    )

    def is_enabled(self) -> bool:
        return self.is_begun() or bool(self.setting("TOKEN") or self.setting("COUNTRY"))

    @property
    def answers_in_response(self) -> bool:
        return not self.setting("SENDSMS_URL")

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        query = _query(request)
        if request.method == "POST":
            body = fields.raw_body(request, BODY_LIMIT_BYTES)
            charset = (request.content_params or {}).get("charset", "")
            text = _decoded(body, charset, request.headers.get("X-Kannel-Coding", ""))
            query.setdefault("from", request.headers.get("X-Kannel-From", "").encode())
            query.setdefault("ts", request.headers.get("X-Kannel-Time", "").encode())
        else:
            written = query.get("text", query.get("message"))
            if written is None:
                written = b""
            text = _decoded(written, _ascii(query, "charset"), _ascii(query, "coding"))
        sender = fields.fitting(_ascii(query, "from") or _ascii(query, "sender"), "from", 60)
        sent = _ascii(query, "ts")
        # %I is the same for every try of smsbox; without it the words and the second have to do.
        own = hashlib.sha256(f"{sender}\0{sent}\0{text}".encode("utf-8", "replace")).hexdigest()
        return [
            InboundSms(
                provider=self.name,
                message_id=fields.fitting(_ascii(query, "id") or own, "id", MESSAGE_ID_LIMIT),
                sender=_with_plus(sender),
                text=text,
                sent_at=fields.moment(sent),
                country=self.country,
            )
        ]

    def parse_delivery(self, request: HttpRequest) -> Sequence[DeliveryUpdate]:
        query = _query(request)
        # The operator's reply (%A) quotes the message: only its error number is taken.
        error = re.search(r"\berr:([0-9A-Fa-f]{1,4})\b", _ascii(query, "reply"))
        status = _STATUSES.get(fields.fitting(_ascii(query, "status"), "status", 10), DeliveryStatus.UNKNOWN)
        has_failed = status in {DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED}
        return [
            DeliveryUpdate(
                provider=self.name,
                own_id=fields.fitting(_ascii(query, "id"), "id", 60),
                status=status,
                error=f"kannel {error[1] if error else status}" if has_failed else "",
                at=fields.moment(_ascii(query, "ts")),
            )
        ]

    def check(self) -> Sequence[CheckMessage]:
        findings = list(super().check())
        missing = [self.variable(name) for name in ("USERNAME", "PASSWORD") if not self.setting(name)]
        if self.setting("SENDSMS_URL") and missing:
            findings.append(
                Error(
                    f"Kannel can receive and not send: {', '.join(missing)} is not set.",
                    hint="They are those of a sendsms-user group. See docs/sms.md.",
                    id="headlamp.E108",
                )
            )
        return findings

    def response(self, reply_text: str | None) -> HttpResponse:
        text = reply_text if reply_text is not None and self.answers_in_response else ""
        return HttpResponse(text, content_type="text/plain; charset=utf-8")

    def send(self, sms: OutgoingSms) -> SentMessage:
        own_id = sms.own_id or uuid4().hex
        # By POST: numbers and words in an address end up in the log of everything on the way.
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self.setting("USERNAME"),
            "X-Kannel-Password": self.setting("PASSWORD"),
            "X-Kannel-To": sms.to,
            "X-Kannel-Coding": "0" if segments(sms.text).encoding == "gsm7" else "2",
            "X-Kannel-DLR-Mask": str(_DLR_MASK),
            "X-Kannel-DLR-Url": self._report_address(own_id),
        }
        headers |= {"X-Kannel-From": self.setting("FROM")} if self.setting("FROM") else {}
        headers |= {"X-Kannel-SMSC": self.setting("SMSC")} if self.setting("SMSC") else {}
        answer = call(self.kind, "POST", self.setting("SENDSMS_URL"), data=sms.text.encode(), headers=headers)
        if answer.status_code not in {200, 202}:
            raise SendError(f"kannel {answer.status_code}", permanent=False)
        return SentMessage(own_id)

    def _report_address(self, own_id: str) -> str:
        address = self.address(status=True)
        if base := self.setting("DLR_BASE").rstrip("/"):
            address = base + address.removeprefix(django_settings.PUBLIC_URL)
        # Kannel fills in %d and its like; what is ours is quoted.
        return f"{address}?{urlencode({'id': own_id})}&status=%d&reply=%A&ts=%T"


def _query(request: HttpRequest) -> dict[str, bytes]:
    """The parameters as bytes: Kannel hands over the text in the message's own character set."""
    written = request.META.get("QUERY_STRING", "")
    if len(written) > BODY_LIMIT_BYTES:
        written = ""
    pairs = parse_qsl(written, keep_blank_values=True, encoding="latin-1", max_num_fields=None)
    return {name: value.encode("latin-1", "replace") for name, value in reversed(pairs)}


def _ascii(query: dict[str, bytes], name: str) -> str:
    return query.get(name, b"").decode("utf-8", "replace").strip()


def _decoded(content: bytes, charset: str, coding: str) -> str:
    """The words of a message. `coding` is 0 for GSM, 1 for 8 bits, 2 for UCS-2, where Kannel says so."""
    name = charset.strip().strip('"').lower()
    if name in {"utf-16be", "ucs-2", "utf-16", "iso-10646-ucs-2"}:
        return content.decode("utf-16-be", "replace")
    if name in {"windows-1252", "cp1252", "iso-8859-1", "latin1"}:
        return content.decode("cp1252", "replace")
    if coding == "2" and not name and (len(content) % 2 == 0) and b"\0" in content:
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _with_plus(sender: str) -> str:
    """An international number as Kannel writes it: 00 in front, or a plus that a query made a space."""
    digits = sender.removeprefix("+")
    if digits.startswith("00") and digits[2:].isdigit():
        return f"+{digits[2:]}"
    return sender
