"""A telephone on a shelf: SMS Gateway for Android (capcom6), local or through its server.

Webhooks: https://docs.sms-gate.app/features/webhooks/
API: https://docs.sms-gate.app/integration/api/
"""

import base64
import binascii
import hmac
import logging
import re
import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.checks import CheckMessage, Error
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
    Media,
    OutgoingSms,
    Provider,
    SentMessage,
    Setting,
)

BODY_LIMIT_BYTES = 12_000_000  # a multimedia message, its parts in base64
_STATUSES = {
    "sms:sent": DeliveryStatus.SENT,
    "sms:delivered": DeliveryStatus.DELIVERED,
    "sms:failed": DeliveryStatus.FAILED,
    "sms:cancelled": DeliveryStatus.FAILED,
}

logger = logging.getLogger("headlamp.sms")


class AndroidGateway(Provider):
    kind = "android_gateway"
    label = "The Android gateway"
    has_token = False
    settings = (
        Setting("SIGNING_KEY", "the signing key of its webhooks", is_needed=True, is_secret=True),
        Setting(
            "SKEW_S",
            "how far its clock may be off, in seconds; cheap telephones keep bad time",
            default="300",
            pattern=r"[0-9]{1,6}",
            shape="a number of seconds",
        ),
        Setting(
            "API_URL",
            "its API: `http://192.168.1.20:8080`, or `https://api.sms-gate.app/3rdparty/v1`",
            pattern=API_ADDRESS,
            shape="an address",
        ),
        Setting("USERNAME", "of its API"),
        Setting("PASSWORD", "of its API", is_secret=True),
        Setting("SIM", "the card to send by, 1 or 2", pattern=r"[1-9]", shape="1, 2 or 3"),
    )

    def verify(self, request: HttpRequest, token: str) -> None:
        key, stamp = self.setting("SIGNING_KEY"), request.headers.get("X-Timestamp", "")
        given = request.headers.get("X-Signature", "").strip().lower()
        if not key or not re.fullmatch(r"[0-9]{9,11}", stamp) or not re.fullmatch(r"[0-9a-f]{64}", given):
            raise Forbidden
        # Signed at each try, so that a message of two days ago has a new stamp.
        off_s = int(time.time()) - int(stamp)
        body = fields.raw_body(request, BODY_LIMIT_BYTES)
        signed = hmac.new(key.encode(), body + stamp.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(signed, given):
            raise Forbidden
        if abs(off_s) > int(self.setting("SKEW_S")):
            logger.error("the clock of %s is off by %s s: refused", self.name, off_s)
            raise Forbidden

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        envelope = fields.json_object(fields.raw_body(request, BODY_LIMIT_BYTES))
        kind, payload = envelope.get("event"), envelope.get("payload")
        if not isinstance(payload, dict):
            payload = {}
        if kind in {"sms:received", "sms:data-received", "mms:downloaded"}:
            return [self._inbound(envelope, payload)]
        if kind in _STATUSES:
            return [self._delivery(str(kind), payload)]
        # A ping, a start, an event of tomorrow: a refusal would be repeated for two days.
        return []

    def send(self, sms: OutgoingSms) -> SentMessage:
        message: dict[str, Any] = {
            "id": sms.own_id or uuid4().hex,
            "textMessage": {"text": sms.text},
            "phoneNumbers": [sms.to],
            "withDeliveryReport": True,
        }
        if self.setting("SIM"):
            message["simNumber"] = int(self.setting("SIM"))
        answer = call(
            self.kind,
            "POST",
            f"{self.setting('API_URL').rstrip('/')}/messages",
            json=message,
            auth=(self.setting("USERNAME"), self.setting("PASSWORD")),
            accepted=(409,),  # it has a message with this id: ours, from a try whose answer was lost
        )
        if answer.status_code == 409:
            return SentMessage(str(message["id"]))
        given = json_of(self.kind, answer).get("id")
        return SentMessage(str(given or message["id"])[:MESSAGE_ID_LIMIT])

    def check(self) -> Sequence[CheckMessage]:
        findings = list(super().check())
        missing = [self.variable(n) for n in ("API_URL", "USERNAME", "PASSWORD") if not self.setting(n)]
        if self.is_enabled() and missing:
            findings.append(
                Error(
                    f"The Android gateway can receive and not send: {', '.join(missing)} is not set.",
                    hint="They are on the app's first screen. See docs/sms.md.",
                    id="headlamp.E108",
                )
            )
        return findings

    def _inbound(self, envelope: dict[str, Any], payload: dict[str, Any]) -> InboundSms:
        sender = payload.get("sender") or payload.get("phoneNumber")
        text = payload.get("message") or payload.get("body") or payload.get("subject") or ""
        if not text and isinstance(payload.get("data"), str):
            text = _decoded(payload["data"]).decode("utf-8", "replace")
        media = _media(payload)
        return InboundSms(
            provider=self.name,
            # The envelope's: the payload's messageId is a hash of the words.
            message_id=fields.fitting(envelope.get("id"), "id", MESSAGE_ID_LIMIT),
            sender=fields.fitting(sender, "sender", 60),
            text=text if isinstance(text, str) else "",
            sent_at=fields.moment(payload.get("receivedAt", "")),
            country=self.country,
            attachments=len(media),
            media=media,
        )

    def _delivery(self, kind: str, payload: dict[str, Any]) -> DeliveryUpdate:
        own_id = fields.fitting(payload.get("messageId"), "messageId", MESSAGE_ID_LIMIT)
        at = payload.get("deliveredAt") or payload.get("sentAt") or payload.get("failedAt") or ""
        status = _STATUSES[kind]
        return DeliveryUpdate(
            provider=self.name,
            own_id=own_id,
            status=status,
            error="android_gateway failed" if status is DeliveryStatus.FAILED else "",
            at=fields.moment(at),
            segments=fields.number(payload.get("partsCount", 0)),
        )


def _media(payload: dict[str, Any]) -> tuple[Media, ...]:
    listed = payload.get("attachments")
    found = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return tuple(
        Media(
            content_type=str(item.get("contentType", ""))[:100],
            content=content,
            file_name=str(item.get("name") or "")[:200],
        )
        for item in found
        if isinstance(item.get("data"), str) and (content := _decoded(item["data"]))
    )


def _decoded(written: str) -> bytes:
    try:
        return base64.b64decode(written)
    except (binascii.Error, ValueError):
        return b""
