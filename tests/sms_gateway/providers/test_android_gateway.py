import json
import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from django.test import Client
from pytest_django import Settings

from impact.incidents.evidence import read_original
from impact.incidents.models import Evidence, Report
from sms_gateway.intake.media import keep_media
from sms_gateway.models import InboundMedia, InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import DeliveryStatus, OutgoingSms, SendError
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_api import Asked, FakeApi
from tests.sms_gateway.providers.lines import (
    TEXT,
    android_event,
    android_headers,
    in_base64,
    path,
    picture,
    post_android,
)
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer, queue_message, rows

pytestmark = pytest.mark.django_db
LINE = PROVIDERS["android_gateway"]


class TestSecurity(ProviderSecurity):
    address = "/sms/android_gateway/"

    def genuine(self) -> Answer:
        return post_android(android_event())

    def forgeries(self) -> Mapping[str, Delivery]:
        event = android_event()
        good = android_headers(b"{}")
        now = good["X-Timestamp"]
        cases: dict[str, Delivery] = {
            "no headers": lambda: post_android(event, {}),
            "no signature": lambda: post_android(event, {"X-Timestamp": now}),
            "no stamp": lambda: post_android(b"{}", {"X-Signature": good["X-Signature"]}),
            "another body": lambda: post_android(event, good),
            "another stamp": lambda: post_android(b"{}", {**good, "X-Timestamp": str(int(now) + 1)}),
            "a stamp with a sign": lambda: post_android(b"{}", {**good, "X-Timestamp": f"+{now}"}),
            "a stamp of other digits": lambda: post_android(b"{}", {**good, "X-Timestamp": "١٧٩٥٦٦٧٥٠٣"}),
            "an empty stamp": lambda: post_android(b"{}", {**good, "X-Timestamp": ""}),
            "cut short": lambda: post_android(b"{}", {**good, "X-Signature": good["X-Signature"][:-1]}),
            "not ASCII": lambda: post_android(b"{}", {**good, "X-Signature": "é" * 64}),
            "another key": lambda: post_android(event, key="another key"),
            "no key": lambda: post_android(event, key=""),
            "too old": lambda: post_android(event, off_s=-400),
            "from the future": lambda: post_android(event, off_s=400),
            "at the address of reports": lambda: Client().post(
                path("android_gateway", status=True), b"{}", content_type="application/json"
            ),
        }
        return cases

    def malformed(self) -> Mapping[str, tuple[str, Delivery]]:
        event = android_event()
        return {
            "no JSON": ("body", lambda: post_android(b"{")),
            "a list": ("body", lambda: post_android([])),
            "deep": ("body", lambda: post_android(b"[" * 100_000)),
            "not text": ("body", lambda: post_android(b"\xff\xfe")),
            "no id": ("id", lambda: post_android({**event, "id": None})),
            "a long id": ("id", lambda: post_android({**event, "id": "i" * 151})),
            "no payload": ("sender", lambda: post_android({**event, "payload": None})),
            "nobody": ("sender", lambda: post_android(android_event(sender="", phoneNumber=None))),
            "a sender of another kind": ("sender", lambda: post_android(android_event(sender={"a": 1}))),
        }


def test_a_clock_that_is_off_is_told_and_can_be_allowed(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert post_android(android_event(), off_s=-3000).status_code == 403
    assert re.search(r"clock of android_gateway is off by 30[0-9][0-9] s", caplog.text)
    settings.ANDROID_GATEWAY_SKEW_S = "3600"
    assert post_android(android_event(), off_s=-3000).status_code == 200


def test_a_try_of_two_days_later_is_signed_anew_and_is_the_same_message() -> None:
    post_android(android_event())
    post_android(android_event(), off_s=60)
    assert InboundMessage.objects.count() == 1
    assert Report.objects.get().received_at == datetime(2026, 11, 20, 8, 46, 11, tzinfo=UTC)


def test_the_same_words_are_two_messages_though_their_hash_is_the_same() -> None:
    post_android(android_event(event_id="one", message="1"))
    post_android(android_event(event_id="two", message="1"))
    assert InboundMessage.objects.count() == 2


def test_the_old_name_of_the_sender_is_read_too() -> None:
    post_android(android_event(sender=None))
    assert InboundMessage.objects.get().contact.country == "CD"


@pytest.mark.parametrize("kind", ["system:ping", "app:started", "mms:received", "tomorrow", None, 7])
def test_what_says_nothing_to_us_is_200_so_that_it_is_not_repeated_for_two_days(kind: object) -> None:
    assert post_android({**android_event(), "event": kind}).status_code == 200
    assert rows() == (0, 0, 0)


def test_a_multimedia_message_is_a_report_with_evidence() -> None:
    attachments = [
        {
            "partId": 1,
            "contentType": "image/jpeg",
            "name": "pit.jpg",
            "size": 9,
            "data": in_base64(picture()),
        },
        {"partId": 2, "contentType": "application/smil", "name": "x.smil", "data": in_base64(b"<smil>")},
        {"partId": 3, "contentType": "image/png", "data": "no base64!"},
        "nonsense",
    ]
    event = android_event("mms:downloaded", sender=WITNESS, body=TEXT, attachments=attachments)
    assert post_android(event).status_code == 200
    assert InboundMessage.objects.get().text == TEXT
    stored = InboundMedia.objects.order_by("position").first()
    assert stored is not None
    assert picture() not in bytes(stored.content)  # sealed until it is kept
    assert keep_media() == 1
    evidence = Evidence.objects.get()
    assert evidence.report == Report.objects.get()
    assert (read_original(evidence), evidence.file_name) == (picture(), "pit.jpg")
    states = InboundMedia.objects.order_by("position").values_list("state", flat=True)
    assert list(states) == ["kept", "refused", "refused"]
    assert bytes(InboundMedia.objects.get(position=0).content) == b""


def test_a_multimedia_message_may_be_larger_than_a_form() -> None:
    large = picture() + b"\0" * 2_000_000
    attachments = [{"contentType": "image/jpeg", "name": "a.jpg", "data": in_base64(large)}]
    event = android_event("mms:downloaded", sender=WITNESS, body="", attachments=attachments)
    assert post_android(event).status_code == 200
    assert Report.objects.count() == 1


def test_data_that_came_as_a_message_is_kept_as_words() -> None:
    post_android(android_event("sms:data-received", sender=WITNESS, data=in_base64(b"soldiers came")))
    assert InboundMessage.objects.get().text == "soldiers came"


def ready(fake_api: FakeApi, settings: Settings) -> None:
    settings.ANDROID_GATEWAY_API_URL = f"{fake_api.address}/3rdparty/v1/"
    settings.ANDROID_GATEWAY_USERNAME, settings.ANDROID_GATEWAY_PASSWORD = "u", "p"
    settings.ANDROID_GATEWAY_SIM = "2"
    fake_api.answerer = lambda asked: (202, {"id": "given", "state": "Pending"})


def test_it_sends_through_the_api_with_our_id(fake_api: FakeApi, settings: Settings) -> None:

    ready(fake_api, settings)
    sent = LINE.send(OutgoingSms(WITNESS, "Thank you", own_id="our-id"))
    (asked,) = fake_api.asked
    assert (asked.path, asked.headers["Authorization"]) == ("/3rdparty/v1/messages", "Basic dTpw")
    assert json.loads(asked.body) == {
        "id": "our-id",
        "textMessage": {"text": "Thank you"},
        "phoneNumbers": [WITNESS],
        "withDeliveryReport": True,
        "simNumber": 2,
    }
    assert sent.provider_message_id == "given"


def test_a_message_that_it_has_already_was_sent(fake_api: FakeApi, settings: Settings) -> None:
    ready(fake_api, settings)
    fake_api.says(409, {"message": "exists"})
    assert LINE.send(OutgoingSms(WITNESS, "Thank you", own_id="ours")).provider_message_id == "ours"


def test_a_worker_that_died_after_it_took_a_message_doubles_nothing(
    fake_api: FakeApi, settings: Settings
) -> None:
    ready(fake_api, settings)
    taken: list[str] = []

    def take(asked: Asked) -> tuple[int, object]:
        own_id = json.loads(asked.body)["id"]
        if own_id in taken:
            return 409, {"message": "Message with such ID already exists"}
        taken.append(own_id)
        return 202, {"id": own_id}

    fake_api.answerer = take
    message = queue_message(provider="android_gateway", state="sending", attempts=1)
    LINE.send(OutgoingSms(WITNESS, message.text, own_id=str(message.pk)))
    assert send_queued() == 1
    assert taken == [str(message.pk)]
    assert OutboundMessage.objects.get().provider_message_id == str(message.pk)


@pytest.mark.parametrize(("status", "is_permanent"), [(400, True), (401, False), (500, False)])
def test_it_tells_failures_that_last_from_those_that_pass(
    fake_api: FakeApi, settings: Settings, status: int, is_permanent: bool
) -> None:
    ready(fake_api, settings)
    fake_api.says(status, {"message": f"about {WITNESS}"})
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert (raised.value.code, raised.value.permanent) == (f"android_gateway {status}", is_permanent)


def test_events_of_delivery_are_noted_in_any_order(fake_api: FakeApi, settings: Settings) -> None:
    ready(fake_api, settings)
    post_android(android_event())
    assert send_queued() == 1
    message = OutboundMessage.objects.get()
    own = str(message.pk)
    for event in (
        android_event("sms:delivered", "e1", messageId=own, deliveredAt="2026-11-20T09:00:00Z"),
        android_event("sms:sent", "e2", messageId=own, partsCount=2, sentAt="2026-11-20T08:59:00Z"),
        android_event("sms:failed", "e3", messageId=own, reason=f"about {WITNESS}"),
    ):
        assert post_android(event).status_code == 200
    message.refresh_from_db()
    assert message.delivery == DeliveryStatus.DELIVERED
    assert message.delivered_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert WITNESS not in message.delivery_error


def test_nothing_of_a_message_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post_android(android_event())
    post_android(android_event(), key="another")
    post_android(b"{" + WITNESS.encode())
    assert WITNESS.removeprefix("+") not in caplog.text
    assert "Tshikapa" not in caplog.text
    assert android_headers(b"{}")["X-Signature"] not in caplog.text


def test_half_of_its_settings_is_an_error(settings: Settings) -> None:
    assert [finding.id for finding in LINE.check()] == ["headlamp.E108"]
    settings.ANDROID_GATEWAY_SKEW_S = "five minutes"
    assert "headlamp.E102" in [finding.id for finding in LINE.check()]
