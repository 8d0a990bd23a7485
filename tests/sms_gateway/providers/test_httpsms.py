import json
from collections.abc import Mapping
from datetime import UTC, datetime

import jwt
import pytest
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import DeliveryStatus, OutgoingSms, SendError
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_api import FakeApi
from tests.sms_gateway.providers.lines import httpsms_event, httpsms_token, path, post_httpsms
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer, queue_message, rows

pytestmark = pytest.mark.django_db
LINE = PROVIDERS["httpsms"]


class TestSecurity(ProviderSecurity):
    @property
    def address(self) -> str:
        return path("httpsms")

    def genuine(self) -> Answer:
        return post_httpsms(httpsms_event())

    def forgeries(self) -> Mapping[str, Delivery]:
        event, good = httpsms_event(), httpsms_token()
        unsigned = jwt.encode({"iss": "api.httpsms.com", "exp": 9999999999}, "", algorithm="none")
        headers = {
            "none at all": "",
            "another scheme": f"Basic {good}",
            "no scheme": good,
            "an empty one": "Bearer ",
            "nonsense": "Bearer nonsense",
            "not ASCII": "Bearer é",
            "not signed": f"Bearer {unsigned}",
            "cut short": f"Bearer {good[:-2]}",
            "another key": f"Bearer {httpsms_token(key='another key, as long as it has to be')}",
            "another algorithm": f"Bearer {httpsms_token(key='k' * 64, algorithm='HS512')}",
            "run out": f"Bearer {httpsms_token(exp=1)}",
            "without an end": f"Bearer {httpsms_token(exp=None)}",
            "another issuer": f"Bearer {httpsms_token(iss='api.example')}",
            "another address": f"Bearer {httpsms_token(aud=['https://elsewhere.example/'])}",
        }
        return {
            "another end of the address": lambda: post_httpsms(event, address=f"/sms/httpsms/{'0' * 32}/"),
            **{
                name: lambda header=header: post_httpsms(event, header)  # type: ignore[misc]
                for name, header in headers.items()
            },
        }

    def malformed(self) -> Mapping[str, tuple[str, Delivery]]:
        return {
            "no JSON": ("body", lambda: post_httpsms(b"{")),
            "a list": ("body", lambda: post_httpsms([])),
            "no data": ("data", lambda: post_httpsms({**httpsms_event(), "data": 7})),
            "no id": ("message_id", lambda: post_httpsms(httpsms_event(message_id=""))),
            "nobody": ("contact", lambda: post_httpsms(httpsms_event(contact=None))),
            "no words": ("content", lambda: post_httpsms(httpsms_event(content=["a"]))),
            "too large": ("body", lambda: post_httpsms(httpsms_event(content="x" * 300_000))),
        }


def test_it_was_sent_when_it_says() -> None:
    post_httpsms(httpsms_event())
    assert Report.objects.get().received_at == datetime(2026, 11, 20, 5, 18, 2, 348000, tzinfo=UTC)
    assert InboundMessage.objects.get().provider_message_id.startswith("32343a19")


@pytest.mark.parametrize("kind", ["message.call.missed", "phone.heartbeat.offline", "tomorrow"])
def test_what_says_nothing_to_us_is_200(kind: str) -> None:
    assert post_httpsms(httpsms_event(kind)).status_code == 200
    assert rows() == (0, 0, 0)


def test_the_reply_is_sent_and_its_delivery_noted(fake_api: FakeApi, settings: Settings) -> None:
    settings.HTTPSMS_API_BASE = fake_api.address
    fake_api.says(200, {"data": {"id": "message-1"}, "status": "success"})
    assert post_httpsms(httpsms_event()).content == b""
    assert send_queued() == 1
    (asked,) = fake_api.asked
    assert asked.path == "/v1/messages/send"
    message = OutboundMessage.objects.get()
    body = json.loads(asked.body)
    assert (body["from"], body["to"], body["request_id"]) == ("+15005550006", WITNESS, str(message.pk))
    post_httpsms(httpsms_event("message.phone.delivered", id="message-1", timestamp="2026-11-20T06:00:00Z"))
    post_httpsms(httpsms_event("message.phone.sent", id="message-1"))
    message.refresh_from_db()
    assert (message.delivery, message.provider_message_id) == (DeliveryStatus.DELIVERED, "message-1")


@pytest.mark.parametrize(
    ("status", "body", "is_permanent"),
    [(422, {}, True), (401, {}, False), (500, {}, False), (200, {"data": {}}, False), (200, b"", False)],
)
def test_it_tells_failures_that_last_from_those_that_pass(
    fake_api: FakeApi, settings: Settings, status: int, body: object, is_permanent: bool
) -> None:
    settings.HTTPSMS_API_BASE = fake_api.address
    fake_api.says(status, body)
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert raised.value.permanent is is_permanent


def test_what_it_took_at_an_earlier_try_goes_out_no_second_time(
    fake_api: FakeApi, settings: Settings
) -> None:
    settings.HTTPSMS_API_BASE = fake_api.address
    message = queue_message(provider="httpsms", attempts=1, is_in_doubt=True)
    listed = [{"id": "other", "request_id": "another"}, {"id": "message-1", "request_id": str(message.pk)}]
    fake_api.says(200, {"data": listed})
    assert send_queued() == 1
    (asked,) = fake_api.asked
    assert (asked.method, asked.path) == ("GET", "/v1/messages")
    assert asked.query == {"owner": settings.HTTPSMS_FROM, "contact": WITNESS, "limit": "20"}
    assert OutboundMessage.objects.get().provider_message_id == "message-1"


@pytest.mark.parametrize("listed", [[], [{"id": "other", "request_id": None}], None, [7]])
def test_what_it_does_not_know_goes_out(fake_api: FakeApi, settings: Settings, listed: object) -> None:
    settings.HTTPSMS_API_BASE = fake_api.address
    fake_api.answerer = lambda asked: (200, {"data": {"id": "new"} if asked.method == "POST" else listed})
    queue_message(provider="httpsms", attempts=1, is_in_doubt=True)
    assert send_queued() == 1
    assert OutboundMessage.objects.get().provider_message_id == "new"
