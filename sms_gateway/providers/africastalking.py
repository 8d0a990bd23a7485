"""Africa's Talking. It signs nothing: the secret is the end of its address.

Callbacks: https://developers.africastalking.com/docs/sms/notifications
Sending: https://developers.africastalking.com/docs/sms/sending/bulk
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.providers import fields
from sms_gateway.providers.calling import call, json_of
from sms_gateway.providers.contract import (
    API_ADDRESS,
    DeliveryStatus,
    DeliveryUpdate,
    Event,
    InboundSms,
    Malformed,
    OutgoingSms,
    Provider,
    SendError,
    SentMessage,
    Setting,
)

_STATUSES = {
    "sent": DeliveryStatus.SENT,
    "submitted": DeliveryStatus.SENT,
    "buffered": DeliveryStatus.QUEUED,
    "success": DeliveryStatus.DELIVERED,
    "rejected": DeliveryStatus.FAILED,
    "failed": DeliveryStatus.UNDELIVERED,
    "expired": DeliveryStatus.UNDELIVERED,
    "absentsubscriber": DeliveryStatus.UNDELIVERED,
}
_TAKEN = {100, 101, 102}
_OPTED_OUT = {406, 409}  # UserInBlacklist, DoNotDisturbRejection
_PERMANENT = {403, 404, 407, *_OPTED_OUT}  # InvalidPhoneNumber, UnsupportedNumberType, CouldNotRoute
_MOST_PAGES = 1000


class AfricasTalking(Provider):
    kind = "africastalking"
    label = "Africa's Talking"
    can_catch_up = True
    settings = (
        Setting("USERNAME", "the application's user name; `sandbox` is the sandbox", is_needed=True),
        Setting("API_KEY", "its key", is_needed=True, is_secret=True),
        Setting("FROM", "the short code or sender name; empty is Africa's Talking's own"),
        Setting(
            "API_BASE",
            "another address of its API: tests and proxies",
            pattern=API_ADDRESS,
            shape="an address; leave it empty for Africa's Talking itself",
        ),
    )

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        given = request.POST
        if "text" not in given:
            raise Malformed("text")
        return [
            self._inbound({name: given.get(name, "") for name in ("id", "from", "text", "date", "linkId")})
        ]

    def parse_delivery(self, request: HttpRequest) -> Sequence[DeliveryUpdate]:
        given = request.POST
        said = fields.fitting(given.get("status"), "status", 40).lower()
        reason = given.get("failureReason", "")
        return [
            DeliveryUpdate(
                provider=self.name,
                provider_message_id=fields.fitting(given.get("id"), "id", MESSAGE_ID_LIMIT),
                status=_STATUSES.get(said, DeliveryStatus.UNKNOWN),
                error=f"africastalking {reason[:40]}" if reason.isascii() and reason.isalpha() else "",
                is_opt_out=reason.lower() in {"userinblacklist", "userisinblacklist"},
            )
        ]

    def send(self, sms: OutgoingSms) -> SentMessage:
        form = {"username": self.setting("USERNAME"), "to": sms.to, "message": sms.text}
        form |= {"from": self.setting("FROM")} if self.setting("FROM") else {}
        form |= {"linkId": sms.reply_link} if sms.reply_link else {"enqueue": "1"}
        answer = json_of(self.kind, call(self.kind, "POST", self._url(), data=form, headers=self._headers()))
        recipient = _first(answer, "Recipients")
        code = fields.number(recipient.get("statusCode", ""))
        if code not in _TAKEN:
            raise SendError(
                f"africastalking {code or 'refused'}",
                permanent=code in _PERMANENT,
                opted_out=code in _OPTED_OUT,
            )
        currency, _, amount = str(recipient.get("cost", "")).partition(" ")
        cost = fields.price(amount)
        return SentMessage(
            str(recipient.get("messageId", ""))[:MESSAGE_ID_LIMIT],
            segments=fields.number(recipient.get("messageParts", 0)),
            cost=cost,
            currency=currency[:3] if cost is not None else "",
        )

    def catch_up(self, since: datetime) -> Iterable[InboundSms]:
        last_id = "0"
        for _ in range(_MOST_PAGES):
            query = {"username": self.setting("USERNAME"), "lastReceivedId": last_id}
            answer = call(self.kind, "GET", self._url(), params=query, headers=self._headers())
            page = _listed(json_of(self.kind, answer), "Messages")
            for item in page:
                if isinstance(item, dict) and item.get("id"):
                    last_id = str(item["id"])
                    sms = self._inbound({name: str(value) for name, value in item.items()})
                    if sms.sent_at is None or sms.sent_at >= since:
                        yield sms
            if not page:
                return

    def _inbound(self, given: dict[str, str]) -> InboundSms:
        return InboundSms(
            provider=self.name,
            message_id=fields.fitting(given.get("id"), "id", MESSAGE_ID_LIMIT),
            sender=fields.fitting(given.get("from"), "from", 60),
            text=given.get("text", ""),
            sent_at=fields.moment(given.get("date", "")),
            country=self.country,
            reply_link=given.get("linkId", ""),
        )

    def _url(self) -> str:
        host = "api.sandbox" if self.setting("USERNAME") == "sandbox" else "api"
        base = self.setting("API_BASE").rstrip("/") or f"https://{host}.africastalking.com"
        return f"{base}/version1/messaging"

    def _headers(self) -> dict[str, str]:
        return {"apiKey": self.setting("API_KEY"), "Accept": "application/json"}


def _listed(answer: dict[str, Any], name: str) -> list[Any]:
    data = answer.get("SMSMessageData")
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, list) else []


def _first(answer: dict[str, Any], name: str) -> dict[str, Any]:
    found = _listed(answer, name)
    return found[0] if found and isinstance(found[0], dict) else {}
