"""Telephones for the tests: deliveries as Twilio and the simulator make them, and neutral messages."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sms_gateway.contacts import contact_behind
from sms_gateway.inbound import InboundSms
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.providers.simulator import webhook_token

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Answer: TypeAlias = _MonkeyPatchedWSGIResponse
else:
    Answer = HttpResponse

WITNESS = "+243810000001"
PARTED_KEY = "k:" + base64.b64encode(b"a" * 32 + b"b" * 32).decode()
_serial = count(1)


def make_sms(text: str = "Soldiers shot two men at Tshikapa", **fields: Any) -> InboundSms:
    return InboundSms(
        **{
            "provider": "twilio",
            "message_id": f"SM{next(_serial):032x}",
            "sender": WITNESS,
            "text": text,
            **fields,
        }
    )


def queue_message(**fields: Any) -> OutboundMessage:
    """A message to the witness that is due, by Twilio."""
    return OutboundMessage.objects.create(
        **{
            "contact": contact_behind(WITNESS),
            "text": "Thank you.",
            "language": "en",
            "segments": 1,
            "provider": "twilio",
            "send_after": timezone.now() - timedelta(seconds=1),
            **fields,
        }
    )


def twilio_fields(text: str = "Soldiers shot two men at Tshikapa", **fields: str) -> dict[str, str]:
    """The fields of a message as Twilio posts them, the ones that we do not read among them."""
    return {
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "ApiVersion": "2010-04-01",
        "Body": text,
        "From": WITNESS,
        "FromCountry": "CD",
        "MessageSid": f"SM{next(_serial):032x}",
        "NumMedia": "0",
        "NumSegments": "1",
        "To": settings.TWILIO_FROM,
        **fields,
    }


def signature(fields: Mapping[str, str], url: str = "", token: str = "") -> str:
    """Twilio's signature, worked out from its description and without its library."""
    signed = (url or f"{settings.PUBLIC_URL}{reverse('sms_gateway:signed', args=['twilio'])}") + "".join(
        name + fields[name] for name in sorted(fields)
    )
    key = (token or settings.TWILIO_AUTH_TOKEN).encode()
    return base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha1).digest()).decode()


def post_twilio(fields: Mapping[str, str], **headers: str) -> Answer:
    """A delivery by Twilio: signed, unless the headers say otherwise."""
    return Client().post(
        reverse("sms_gateway:signed", args=["twilio"]),
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers=headers or {"X-Twilio-Signature": signature(fields)},
    )


def post_simulator(fields: object, *, token: str = "") -> Answer:
    """A delivery by the simulator, as JSON."""
    address = reverse("sms_gateway:provider", args=["simulator", token or webhook_token()])
    return Client().post(address, fields, content_type="application/json")


def rows() -> tuple[int, int, int]:
    return Contact.objects.count(), InboundMessage.objects.count(), OutboundMessage.objects.count()
