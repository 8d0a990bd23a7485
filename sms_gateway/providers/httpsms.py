"""httpSMS: an Android telephone through httpsms.com or a server of one's own.

Webhooks: https://docs.httpsms.com/webhooks/introduction. Its signature, a JSON Web Token, does not cover
the body; so the address has a secret end as well.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import jwt
from django.http import HttpRequest

from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.providers import fields
from sms_gateway.providers.calling import call, json_of
from sms_gateway.providers.contract import (
    API_ADDRESS,
    DeliveryStatus,
    DeliveryUpdate,
    Event,
    Forbidden,
    InboundSms,
    Malformed,
    OutgoingSms,
    Provider,
    SendError,
    SentMessage,
    Setting,
)

BODY_LIMIT_BYTES = 200_000
_ISSUER = "api.httpsms.com"
_LEEWAY_S = 120
_LATEST = 20  # messages from and to one number: as many as it lists at once
_STATUSES = {
    "message.phone.sent": DeliveryStatus.SENT,
    "message.phone.delivered": DeliveryStatus.DELIVERED,
    "message.send.failed": DeliveryStatus.FAILED,
    "message.send.expired": DeliveryStatus.UNDELIVERED,
}


class HttpSms(Provider):
    kind = "httpsms"
    label = "httpSMS"
    settings = (
        Setting("SIGNING_KEY", "the signing key of its webhook", is_needed=True, is_secret=True),
        Setting("API_KEY", "the key of its API", is_needed=True, is_secret=True),
        Setting(
            "FROM",
            "the telephone's number in E.164",
            is_needed=True,
            pattern=r"\+[0-9]{7,15}",
            shape="a number in E.164",
        ),
        Setting(
            "API_BASE",
            "a server of one's own",
            default="https://api.httpsms.com",
            pattern=API_ADDRESS,
            shape="an address",
        ),
    )

    def verify(self, request: HttpRequest, token: str) -> None:
        super().verify(request, token)
        scheme, _, signed = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not self.setting("SIGNING_KEY"):
            raise Forbidden
        try:
            jwt.decode(
                signed.strip(),
                self.setting("SIGNING_KEY"),
                algorithms=["HS256"],
                issuer=_ISSUER,
                audience=self.address(),
                leeway=_LEEWAY_S,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError):
            raise Forbidden from None

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        event = fields.json_object(fields.raw_body(request, BODY_LIMIT_BYTES))
        kind, data = event.get("type"), event.get("data")
        if not isinstance(data, dict):
            raise Malformed("data")
        if kind == "message.phone.received":
            return [self._inbound(data)]
        return [self._delivery(str(kind), data)] if kind in _STATUSES else []

    def send(self, sms: OutgoingSms) -> SentMessage:
        answer = call(
            self.kind,
            "POST",
            f"{self.setting('API_BASE').rstrip('/')}/v1/messages/send",
            json={"content": sms.text, "from": self.setting("FROM"), "to": sms.to, "request_id": sms.own_id},
            headers={"x-api-key": self.setting("API_KEY")},
        )
        data = json_of(self.kind, answer).get("data")
        if not isinstance(data, dict) or not data.get("id"):
            raise SendError("httpsms gave no id", permanent=False, in_doubt=True)
        return SentMessage(str(data["id"])[:MESSAGE_ID_LIMIT])

    def taken(self, sms: OutgoingSms, since: datetime) -> Sequence[SentMessage]:
        answer = call(
            self.kind,
            "GET",
            f"{self.setting('API_BASE').rstrip('/')}/v1/messages",
            params={"owner": self.setting("FROM"), "contact": sms.to, "limit": _LATEST},
            headers={"x-api-key": self.setting("API_KEY")},
        )
        listed = json_of(self.kind, answer).get("data")
        return [
            SentMessage(str(message["id"])[:MESSAGE_ID_LIMIT])
            for message in (listed if isinstance(listed, list) else [])
            if isinstance(message, dict) and message.get("id")
            if sms.own_id and message.get("request_id") == sms.own_id
        ]

    def _inbound(self, data: dict[str, Any]) -> InboundSms:
        text = data.get("content")
        if not isinstance(text, str):
            raise Malformed("content")
        return InboundSms(
            provider=self.name,
            message_id=fields.fitting(data.get("message_id"), "message_id", MESSAGE_ID_LIMIT),
            sender=fields.fitting(data.get("contact"), "contact", 60),
            text=text,
            sent_at=fields.moment(data.get("timestamp", "")),
            country=self.country,
        )

    def _delivery(self, kind: str, data: dict[str, Any]) -> DeliveryUpdate:
        status = _STATUSES[kind]
        has_failed = status in {DeliveryStatus.FAILED, DeliveryStatus.UNDELIVERED}
        own_id = data.get("request_id")
        return DeliveryUpdate(
            provider=self.name,
            provider_message_id=fields.fitting(data.get("id"), "id", MESSAGE_ID_LIMIT),
            own_id=own_id if isinstance(own_id, str) else "",
            status=status,
            error=f"httpsms {status}" if has_failed else "",
            at=fields.moment(data.get("timestamp", "")),
        )
