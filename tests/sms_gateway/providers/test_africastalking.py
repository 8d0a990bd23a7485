from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import Contact, InboundMessage, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.providers.contract import DeliveryStatus, OutgoingSms, SendError
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_api import Asked, FakeApi
from tests.sms_gateway.providers.lines import TEXT, africastalking_fields, path, post_form
from tests.sms_gateway.providers.security_case import Delivery, ProviderSecurity
from tests.sms_gateway.telephones import WITNESS, Answer

pytestmark = pytest.mark.django_db
LINE = PROVIDERS["africastalking"]


def sent(**fields: object) -> dict[str, object]:
    recipient = {
        "statusCode": 101,
        "number": WITNESS,
        "status": "Success",
        "cost": "KES 0.8000",
        "messageId": "ATXid_1",
        "messageParts": 1,
        **fields,
    }
    return {"SMSMessageData": {"Message": "Sent to 1/1", "Recipients": [recipient]}}


class TestSecurity(ProviderSecurity):
    @property
    def address(self) -> str:
        return path("africastalking")

    def genuine(self) -> Answer:
        return post_form(self.address, africastalking_fields())

    def forgeries(self) -> Mapping[str, Delivery]:
        token, fields = LINE.token, africastalking_fields()
        others = {
            "another token": "0" * 32,
            "cut short": token[:-1],
            "too long": token + "0",
            "upper case": token.upper(),
            "another provider's": PROVIDERS["kannel"].token,
            "not ASCII": "é" * 32,
        }
        return {
            name: lambda other=other: post_form(f"/sms/africastalking/{other}/", fields)  # type: ignore[misc]
            for name, other in others.items()
        }

    def malformed(self) -> Mapping[str, tuple[str, Delivery]]:
        fields = africastalking_fields()
        cases = {
            "no id": ("id", {**fields, "id": ""}),
            "a long id": ("id", {**fields, "id": "i" * 151}),
            "nobody": ("from", {**fields, "from": " "}),
            "a long sender": ("from", {**fields, "from": "2" * 61}),
            "no text": ("text", {name: value for name, value in fields.items() if name != "text"}),
        }
        return {
            name: (field, lambda given=given: post_form(self.address, given))  # type: ignore[misc]
            for name, (field, given) in cases.items()
        }


@pytest.mark.parametrize("written", ["2026-11-20T06:04:45Z", "2026-11-20 06:04:45"])
def test_it_was_sent_when_it_says(written: str) -> None:
    post_form(path("africastalking"), africastalking_fields(date=written))
    assert Report.objects.get().received_at == datetime(2026, 11, 20, 6, 4, 45, tzinfo=UTC)


def test_it_does_not_exist_until_it_is_configured(settings: Settings) -> None:
    settings.AFRICASTALKING_API_KEY = ""
    assert post_form(path("africastalking"), africastalking_fields()).status_code == 404


def test_the_reply_is_sent_with_the_link_of_the_message_and_not_in_the_answer(
    fake_api: FakeApi, settings: Settings
) -> None:
    settings.AFRICASTALKING_API_BASE = fake_api.address
    settings.AFRICASTALKING_FROM = "28901"
    fake_api.says(201, sent())
    answer = post_form(path("africastalking"), africastalking_fields())
    assert answer.content == b""
    assert send_queued() == 1
    (asked,) = fake_api.asked
    assert asked.headers["apiKey"] == "the suite's own key"
    assert (asked.method, asked.path) == ("POST", "/version1/messaging")
    assert asked.form["linkId"] == "SampleLinkId123"
    assert (asked.form["from"], asked.form["to"]) == ("28901", WITNESS)
    assert Report.objects.get().reference in asked.form["message"]
    message = OutboundMessage.objects.get()
    assert (message.cost, message.currency, message.provider_message_id) == (Decimal("0.8"), "KES", "ATXid_1")


@pytest.mark.parametrize(
    ("code", "is_permanent", "is_opted_out"),
    [
        (402, False, False),
        (403, True, False),
        (405, False, False),
        (406, True, True),
        (407, True, False),
        (409, True, True),
        (500, False, False),
        (502, False, False),
        ("x", False, False),
    ],
)
def test_it_tells_failures_that_last_from_those_that_pass(
    fake_api: FakeApi, settings: Settings, code: object, is_permanent: bool, is_opted_out: bool
) -> None:
    settings.AFRICASTALKING_API_BASE = fake_api.address
    fake_api.says(201, sent(statusCode=code, status=f"about {WITNESS}", messageId="None"))
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert (raised.value.permanent, raised.value.opted_out) == (is_permanent, is_opted_out)
    assert WITNESS not in raised.value.code


@pytest.mark.parametrize(("status", "is_permanent"), [(401, False), (400, True), (429, False), (503, False)])
def test_an_error_of_http_is_told_apart(
    fake_api: FakeApi, settings: Settings, status: int, is_permanent: bool
) -> None:
    settings.AFRICASTALKING_API_BASE = fake_api.address
    fake_api.says(status, b"The supplied authentication is invalid")
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert (raised.value.code, raised.value.permanent) == (f"africastalking {status}", is_permanent)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", [], {}, {"SMSMessageData": []}, {"SMSMessageData": {"Recipients": 7}}]
)
def test_an_answer_that_makes_no_sense_is_a_failure_that_passes(
    fake_api: FakeApi, settings: Settings, body: object
) -> None:
    settings.AFRICASTALKING_API_BASE = fake_api.address
    fake_api.says(201, body)
    with pytest.raises(SendError) as raised:
        LINE.send(OutgoingSms(WITNESS, "Thank you"))
    assert not raised.value.permanent


def test_it_catches_up_page_by_page_until_there_is_none(fake_api: FakeApi, settings: Settings) -> None:
    settings.AFRICASTALKING_API_BASE = fake_api.address
    listed = [
        africastalking_fields(id=str(number), date=f"2026-11-2{number}T00:00:00Z") for number in range(5)
    ]

    def page(asked: Asked) -> tuple[int, object]:
        after = int(asked.query["lastReceivedId"])
        rest = [item for item in listed if int(item["id"]) > after]
        return 200, {"SMSMessageData": {"Messages": rest[:2]}}

    fake_api.answerer = page
    missed = list(LINE.catch_up(datetime(2026, 11, 22, tzinfo=UTC)))
    assert [sms.message_id for sms in missed] == ["2", "3", "4"]
    assert (missed[0].text, missed[0].sender) == (TEXT, WITNESS)
    assert len(fake_api.asked) == 3


def queued() -> OutboundMessage:
    post_form(path("africastalking"), africastalking_fields())
    OutboundMessage.objects.update(state="sent", provider_message_id="ATXid_1")
    return OutboundMessage.objects.get()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Sent", DeliveryStatus.SENT),
        ("Buffered", DeliveryStatus.QUEUED),
        ("Success", DeliveryStatus.DELIVERED),
        ("Failed", DeliveryStatus.UNDELIVERED),
        ("Rejected", DeliveryStatus.FAILED),
        ("AbsentSubscriber", DeliveryStatus.UNDELIVERED),
        ("Tomorrow", ""),
    ],
)
def test_a_delivery_report_is_noted(said: str, expected: str) -> None:
    message = queued()
    answer = post_form(
        path("africastalking", status=True), {"id": "ATXid_1", "status": said, "phoneNumber": WITNESS}
    )
    assert answer.status_code == 200
    message.refresh_from_db()
    assert message.delivery == expected


def test_a_black_list_is_a_stop() -> None:
    queued()
    post_form(
        path("africastalking", status=True),
        {"id": "ATXid_1", "status": "Failed", "failureReason": "UserInBlackList"},
    )
    assert Contact.objects.get().opted_out
    assert OutboundMessage.objects.get().delivery_error == "africastalking UserInBlackList"


def test_a_delivery_report_needs_the_token_and_a_message() -> None:
    assert post_form("/sms/africastalking/guess/status/", {"id": "1", "status": "Sent"}).status_code == 403
    assert post_form(path("africastalking", status=True), {"id": "1"}).content == b"status"
    assert post_form(path("africastalking", status=True), {"id": "9", "status": "Sent"}).status_code == 200
    assert Client().get(path("africastalking", status=True)).status_code == 405


def test_a_number_without_a_code_is_of_the_lines_country(settings: Settings) -> None:
    settings.AFRICASTALKING_COUNTRY = "KE"
    post_form(path("africastalking"), africastalking_fields(**{"from": "0712345678"}))
    assert Contact.objects.get().country == "KE"
    assert InboundMessage.objects.get().reply_link == "SampleLinkId123"
