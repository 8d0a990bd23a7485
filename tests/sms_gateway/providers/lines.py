"""The providers as the tests configure them, and what each would send."""

import base64
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import jwt
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from sms_gateway.providers import PROVIDERS
from tests.sms_gateway.telephones import WITNESS, Answer

TEXT = "Soldiers shot two men at Tshikapa"
SIGNING_KEY = "the suite's own signing key, and nobody else's"
FORM = "application/x-www-form-urlencoded"


def configure_all(settings: Settings) -> None:
    """Settings under which every provider has its address."""
    settings.AFRICASTALKING_USERNAME = "headlamp"
    settings.AFRICASTALKING_API_KEY = "the suite's own key"
    settings.KANNEL_FROM = "8000"
    settings.ANDROID_GATEWAY_SIGNING_KEY = SIGNING_KEY
    settings.HTTPSMS_SIGNING_KEY = SIGNING_KEY
    settings.HTTPSMS_API_KEY = "the suite's own key"
    settings.HTTPSMS_FROM = "+15005550006"


def path(name: str, *, status: bool = False) -> str:
    return PROVIDERS[name].address(status=status).removeprefix(django_settings.PUBLIC_URL)


def post_form(address: str, fields: Mapping[str, str]) -> Answer:
    return Client().post(address, urlencode(fields), content_type=FORM)


def africastalking_fields(**fields: str) -> dict[str, str]:
    return {
        "date": "2026-11-20T06:04:45Z",
        "from": WITNESS,
        "id": "8f2c1d9e-0000-4000-8000-000000000001",
        "linkId": "SampleLinkId123",
        "text": TEXT,
        "to": "28901",
        "networkCode": "63902",
        **fields,
    }


def kannel_query(**fields: str) -> dict[str, str]:
    return {
        "id": "0547dc0c-d707-48cc-9f05-7988a15584a9",
        "from": WITNESS,
        "to": "8000",
        "ts": "1795667503",
        "text": TEXT,
        "coding": "0",
        "charset": "UTF-8",
        **fields,
    }


def get_kannel(fields: Mapping[str, str], address: str = "") -> Answer:
    return Client().get(f"{address or path('kannel')}?{urlencode(fields)}")


def android_event(
    event: str = "sms:received", event_id: str = "Ey6ECgOkVVFjz3CL48B8C", **payload: Any
) -> dict[str, Any]:
    received = {
        "messageId": "abc123",
        "message": TEXT,
        "sender": WITNESS,
        "phoneNumber": WITNESS,
        "simNumber": 1,
        "receivedAt": "2026-11-20T15:46:11.000+07:00",
    }
    return {
        "deviceId": "ffffffffceb0b1db0000018e937c815b",
        "event": event,
        "id": event_id,
        "payload": payload if event != "sms:received" else {**received, **payload},
        "webhookId": "LreFUt-Z3sSq0JufY9uWB",
    }


def android_headers(body: bytes, *, key: str = SIGNING_KEY, off_s: int = 0) -> dict[str, str]:
    stamp = str(int(time.time()) + off_s)
    signed = hmac.new(key.encode(), body + stamp.encode(), "sha256").hexdigest()
    return {"X-Signature": signed, "X-Timestamp": stamp}


def post_android(event: object, headers: Mapping[str, str] | None = None, **signing: Any) -> Answer:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    headers = android_headers(body, **signing) if headers is None else headers
    return Client().post(path("android_gateway"), body, content_type="application/json", headers=headers)


def httpsms_event(kind: str = "message.phone.received", **data: Any) -> dict[str, Any]:
    received = {
        "message_id": "32343a19-da5e-4b1b-a767-3298a73703cb",
        "user_id": "WB7DRDWrJZRGbYrv2CKGkqbzvqdC",
        "owner": "+15005550006",
        "contact": WITNESS,
        "content": TEXT,
        "sim": "SIM1",
        "timestamp": "2026-11-20T05:18:02.348Z",
    }
    return {
        "id": "3e4a1b2c-0000-4000-8000-000000000001",
        "type": kind,
        "source": "/v1/messages/receive",
        "specversion": "1.0",
        "time": "2026-11-20T05:18:02.348Z",
        "datacontenttype": "application/json",
        "data": data if kind != "message.phone.received" else {**received, **data},
    }


def httpsms_token(*, key: str = SIGNING_KEY, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode(
        {
            "iss": "api.httpsms.com",
            "aud": [PROVIDERS["httpsms"].address()],
            "sub": "WB7DRDWrJZRGbYrv2CKGkqbzvqdC",
            "exp": int(time.time()) + 600,
            **claims,
        },
        key,
        algorithm=algorithm,
    )


def post_httpsms(event: object, authorization: str | None = None, address: str = "") -> Answer:
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    if authorization is None:
        authorization = f"Bearer {httpsms_token()}"
    return Client().post(
        address or path("httpsms"),
        body,
        content_type="application/json",
        headers={"Authorization": authorization, "X-Event-Type": "message.phone.received"},
    )


def picture() -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a picture of the pit"


def in_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
