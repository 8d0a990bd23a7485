import itertools
import logging
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from sms_gateway.delivery import apply_update, take_update
from sms_gateway.models import Contact, DeliveryReport, OutboundMessage
from sms_gateway.outbound import DeliveryStatus, DeliveryUpdate
from sms_gateway.receiving import NotStored, patience
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import WITNESS, Answer, queue_message, signature, twilio_fields

pytestmark = pytest.mark.django_db

State = OutboundMessage.State
Status = DeliveryStatus


def make_message(**fields: Any) -> OutboundMessage:
    return queue_message(**{"state": State.SENT, "provider_message_id": "SM1", **fields})


def report(status: DeliveryStatus, **fields: Any) -> DeliveryUpdate:
    return DeliveryUpdate(**{"provider": "twilio", "status": status, "provider_message_id": "SM1", **fields})


@pytest.mark.parametrize(
    "order", list(itertools.permutations([Status.QUEUED, Status.SENT, Status.FAILED, Status.DELIVERED]))
)
def test_reports_in_any_order_leave_the_furthest_state(order: tuple[DeliveryStatus, ...]) -> None:
    make_message()
    for status in order:
        apply_update(report(status))
    assert OutboundMessage.objects.get().delivery == Status.DELIVERED


def test_a_report_that_is_here_before_the_answer_to_our_sending_is_applied_when_the_answer_is(
    fake_twilio: FakeTwilio,
) -> None:
    coming = "SM" + "0" * 32
    assert not apply_update(
        report(
            Status.DELIVERED, provider_message_id=coming, segments=2, cost=Decimal("0.0075"), currency="USD"
        )
    )
    make_message(state=State.QUEUED, provider_message_id="")
    assert send_queued() == 1
    message = OutboundMessage.objects.get()
    assert (message.provider_message_id, message.delivery) == (coming, Status.DELIVERED)
    assert (message.segments, message.cost, message.currency) == (2, Decimal("0.0075"), "USD")
    assert not DeliveryReport.objects.exists()


def test_what_it_cost_is_kept_from_whichever_report_says_so() -> None:
    make_message()
    apply_update(report(Status.DELIVERED))
    apply_update(report(Status.SENT, cost=Decimal("0.8"), currency="KES"))
    message = OutboundMessage.objects.get()
    assert (message.delivery, message.cost, message.currency) == (Status.DELIVERED, Decimal("0.8"), "KES")


def test_what_a_dead_worker_had_sent_is_not_sent_again_once_it_is_reported(fake_twilio: FakeTwilio) -> None:
    message = make_message(state=State.SENDING, attempts=1, provider_message_id="")
    assert apply_update(report(Status.SENT, own_id=str(message.pk)))
    assert send_queued() == 0
    sent = OutboundMessage.objects.get()
    assert sent.provider_message_id == "SM1"
    assert sent.sent_at is not None, "or Twilio's copy of it would never be deleted there"
    assert fake_twilio.sent == []


def test_an_opt_out_in_a_report_is_theirs_for_good() -> None:
    make_message()
    apply_update(report(Status.FAILED, error="twilio 21610", is_opt_out=True))
    assert Contact.objects.get().opted_out


def test_an_id_of_ours_that_is_none_changes_nothing() -> None:
    make_message()
    for own_id in ("nonsense", "00000000-0000-4000-8000-000000000000"):
        assert not apply_update(report(Status.DELIVERED, own_id=own_id))
    assert OutboundMessage.objects.get().delivery == ""
    assert not DeliveryReport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_reports_at_once_leave_the_furthest_state() -> None:
    make_message()
    statuses = iter([Status.SENT, Status.DELIVERED, Status.QUEUED, Status.FAILED] * 4)
    at_once(lambda: apply_update(report(next(statuses))), times=16)
    assert OutboundMessage.objects.get().delivery == Status.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_thirty_two_workers_send_a_message_once(fake_twilio: FakeTwilio) -> None:
    make_message(state=State.QUEUED, provider_message_id="")
    assert sum(at_once(send_queued, times=32)) == 1
    assert len(fake_twilio.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_while_the_database_fails_a_report_is_503_and_is_noted_when_it_comes_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    message = make_message()
    fields = twilio_fields("", MessageSid="SM1", MessageStatus="delivered")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sms_gateway_outboundmessage RENAME TO away")
    try:
        answer = post_status(fields)
        away_a_moment_ago = post_status(fields)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO sms_gateway_outboundmessage")
    for refused in (answer, away_a_moment_ago):
        assert (refused.status_code, refused.content) == (503, b"")
    assert "what twilio delivered was not stored" in caplog.text
    assert "Traceback" not in caplog.text
    assert WITNESS.removeprefix("+") not in caplog.text
    patience.regain()
    assert post_status(fields).status_code in {200, 204}
    message.refresh_from_db()
    assert message.delivery == Status.DELIVERED


def test_nobody_waits_again_for_a_database_that_was_away_a_moment_ago() -> None:
    patience.lose()
    with pytest.raises(NotStored):
        take_update(report(Status.DELIVERED))


def post_status(fields: dict[str, str]) -> Answer:
    address = reverse("sms_gateway:signed_status", args=["twilio"])
    signed = signature(fields, url=f"{settings.PUBLIC_URL}{address}")
    return Client().post(
        address,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )
