"""A provider without telephones, for the demo and for development. What comes through it is fictional."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_datetime

from impact.incidents.draft import TEXT_LIMIT
from impact.vocabulary import Channel
from sms_gateway.contacts import phone_number
from sms_gateway.inbound import InboundSms
from sms_gateway.models import MESSAGE_ID_LIMIT
from sms_gateway.providers.contract import Event, Malformed, OutgoingSms, Provider, SentMessage

_EARLIEST_YEAR = 1970  # the year 1 has moments that no other time zone can say


def webhook_token() -> str:
    """The secret end of the simulator's address, the same for ever under the same keys."""
    return Simulator().token


def simulated_sms(
    sender: str, text: str, message_id: str = "", sent_at: datetime | None = None
) -> InboundSms:
    """A message as if it came from a telephone. Raises Malformed for a sender that can't be a number."""
    number = phone_number(sender)
    if number is None:
        raise Malformed("from")
    if len(text) > TEXT_LIMIT:
        raise Malformed("text")
    if len(message_id) > MESSAGE_ID_LIMIT:
        raise Malformed("id")
    return InboundSms(
        provider="simulator",
        message_id=message_id or uuid4().hex,
        sender=number,
        text=text,
        sent_at=sent_at,
        is_fictional=True,
        channel=Channel.SIMULATOR,
    )


class Simulator(Provider):
    """POST {"from", "text", "id"?, "sent_at"? (ISO 8601)}, as JSON or a form; {"replies": […]} comes back."""

    kind = "simulator"
    label = "The simulator"
    channel = Channel.SIMULATOR
    answers_in_response = True

    def is_enabled(self) -> bool:
        return bool(settings.SIMULATOR_ENABLED)

    def parse(self, request: HttpRequest) -> Sequence[Event]:
        fields = _fields(request)
        for name in ("from", "text", "id", "sent_at"):
            if not isinstance(fields.get(name, ""), str):
                raise Malformed(name)
        for name in ("from", "text"):
            if name not in fields:
                raise Malformed(name)
        moment = _moment(fields.get("sent_at", ""))
        return [simulated_sms(fields["from"], fields["text"], fields.get("id", ""), moment)]

    def response(self, reply_text: str | None) -> HttpResponse:
        return JsonResponse({"replies": [] if reply_text is None else [reply_text]})

    def send(self, sms: OutgoingSms) -> SentMessage:
        return SentMessage(f"simulated-{uuid4().hex}")


def _fields(request: HttpRequest) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        return request.POST
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Malformed("body") from None
    if not isinstance(fields, dict):
        raise Malformed("body")
    return fields


def _moment(written: str) -> datetime | None:
    if not written:
        return None
    try:
        moment = parse_datetime(written)
    except ValueError:
        moment = None
    if moment is None or moment.year < _EARLIEST_YEAR:
        raise Malformed("sent_at")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
