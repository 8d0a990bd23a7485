"""Twilio's API on the loopback address: sending, WhatsApp's window, listing, fetching, deleting, media."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from django.conf import settings

from tests.sms_gateway.fake_api import Asked, FakeApi

OURS = "+15005550006"
WINDOW = timedelta(hours=24)


class FakeTwilio(FakeApi):
    """Keeps what was posted, and answers a created message until told otherwise."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []
        self.message_ids: list[str] = []
        self.held: list[dict[str, Any]] = []
        self.media: dict[str, tuple[str, bytes]] = {}
        self.approved: set[str] = set()
        self.refuses_at_once = True
        self.list_status = 200
        self.too_late: list[tuple[str, str]] = []
        self.after_taking: Callable[[], None] = lambda: None
        self._heard: dict[str, datetime] = {}
        self._told: tuple[int, object] | None = None
        super().__init__(self._normal)

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    @property
    def authorizations(self) -> list[str]:
        return [asked.headers.get("Authorization", "") for asked in self.asked]

    def answer(self, status: int, body: object) -> None:
        self._told = (status, body)

    def answer_normally(self) -> None:
        self._told = None

    def has(self, sid: str, sender: str, text: str, sent_at: datetime | None = None, media: int = 0) -> None:
        """A message that Twilio has received."""
        moment = format_datetime((sent_at or datetime.now(UTC)).astimezone(UTC))
        self._has(sid, sender, OURS, text, "inbound", "received", moment, media)

    def replied(self, sid: str, to: str, sent_at: datetime) -> None:
        """A message that Twilio has sent for us."""
        self._has(sid, OURS, to, "reply", "outbound-reply", "delivered", format_datetime(sent_at), 0)

    def took(self, sid: str, to: str, text: str, **fields: Any) -> None:
        """A message that somebody had Twilio send through its API, and that waits in its queue."""
        self._has(sid, OURS, to, text, "outbound-api", "queued", format_datetime(datetime.now(UTC)), 0)
        self.held[-1] |= {"date_sent": None, **fields}

    def hears(self, number: str, at: datetime | None = None) -> None:
        """Somebody writes on WhatsApp: for 24 hours they may be written to freely."""
        self._heard[f"whatsapp:{number}"] = at or datetime.now(UTC)

    @property
    def sids(self) -> set[str]:
        return {message["sid"] for message in self.held}

    def _has(
        self, sid: str, sender: str, to: str, text: str, direction: str, status: str, moment: str, media: int
    ) -> None:
        self.held.append(
            {
                "sid": sid,
                "from": sender,
                "to": to,
                "body": text,
                "direction": direction,
                "messaging_service_sid": None,
                "status": status,
                "num_media": str(media),
                "num_segments": "1",
                "date_created": moment,
                "date_sent": moment,
                "date_updated": moment,
                "price": None,
                "price_unit": "USD",
            }
        )

    def _normal(self, asked: Asked) -> tuple[int, object]:
        if asked.method == "POST":
            self.sent.append(asked.form)
        if self._told is not None:
            return self._told
        expected = base64.b64encode(
            f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}".encode()
        ).decode()
        if asked.headers.get("Authorization") != f"Basic {expected}":
            return 401, {"code": 20003, "message": "Authenticate"}
        if asked.method == "POST":
            return self._take(asked.form)
        if asked.path.endswith("/Messages.json") and self.list_status != 200:
            return self.list_status, {"message": "no list"}
        if asked.path.endswith("/Messages.json"):
            return 200, {"messages": self._listed(asked.query), "next_page_uri": None, "page_size": 1000}
        if found := re.fullmatch(r".*/Messages/([A-Z]{2}\w+)\.json", asked.path):
            known = [message for message in self.held if message["sid"] == found[1]]
            if known and asked.method == "DELETE":
                self.held.remove(known[0])
                return 204, b""
            return (200, known[0]) if known else (404, {"code": 20404, "message": "not found"})
        if asked.path.endswith("/Media.json"):
            folder = asked.path.removesuffix(".json")
            listed = [
                {"sid": sid, "content_type": kind, "uri": f"{folder}/{sid}.json"}
                for sid, (kind, _) in self.media.items()
            ]
            return 200, {"media_list": listed, "next_page_uri": None}
        if "/Media/" in asked.path and (sid := asked.path.rpartition("/")[2]) in self.media:
            return 200, self.media[sid][1]
        return 404, {"code": 20404, "message": "not found"}

    def _take(self, form: dict[str, str]) -> tuple[int, object]:
        """A message, as WhatsApp allows it: anything for a day after they wrote, then an approved template.

        Twilio says so at once or, as most often, takes it and reports afterwards that it was too late.
        """
        template = form.get("ContentSid")
        if template is not None and template not in self.approved:
            return 400, {"code": 21655, "message": "The ContentSid parameter is invalid"}
        is_whatsapp = form.get("To", "").startswith("whatsapp:")
        heard_at = self._heard.get(form.get("To", ""), datetime.min.replace(tzinfo=UTC))
        is_too_late = is_whatsapp and template is None and datetime.now(UTC) - heard_at > WINDOW
        if is_too_late and self.refuses_at_once:
            return 400, {"code": 63016, "message": "outside the allowed window"}
        created = self._created()
        origin = {"from": form["From"]} if "From" in form else {}
        service = form.get("MessagingServiceSid")
        self.took(created["sid"], form["To"], form.get("Body", ""), messaging_service_sid=service, **origin)
        if is_too_late:
            self.too_late.append((form.get("StatusCallback", ""), created["sid"]))
        self.after_taking()
        return 201, created

    def _listed(self, query: dict[str, str]) -> list[dict[str, Any]]:
        return [
            message
            for message in self.held
            if query.get("From", message["from"]) == message["from"]
            and query.get("To", message["to"]) == message["to"]
            and _is_before(message["date_sent"], query.get("DateSent<", ""))
            and not (query.get("DateSent>") and message["date_sent"] is None)
        ]

    def _created(self) -> dict[str, Any]:
        message_id = f"SM{len(self.message_ids):032x}"
        self.message_ids.append(message_id)
        return {"sid": message_id, "status": "queued", "num_segments": "1", "price": None}


def _is_before(sent: str | None, limit: str) -> bool:
    return not limit or (sent is not None and parsedate_to_datetime(sent) < datetime.fromisoformat(limit))
