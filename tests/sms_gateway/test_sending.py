import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sms_gateway.models import Contact, OutboundMessage
from sms_gateway.sending import WAITS, send_queued
from tests.sms_gateway.dying import begin, die_in, kill
from tests.sms_gateway.fake_api import Asked
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import WITNESS, queue_message

pytestmark = pytest.mark.django_db

State = OutboundMessage.State


def test_it_sends_what_is_queued_once(fake_twilio: FakeTwilio) -> None:
    queue_message()
    assert send_queued() == 1
    assert send_queued() == 0
    message = OutboundMessage.objects.get()
    assert (message.state, message.provider_message_id) == (State.SENT, fake_twilio.message_ids[0])
    assert [sent["To"] for sent in fake_twilio.sent] == [WITNESS]


@pytest.mark.django_db(transaction=True)
def test_eight_workers_send_a_message_once(fake_twilio: FakeTwilio) -> None:
    queue_message()
    assert sum(at_once(send_queued, times=8)) == 1
    assert len(fake_twilio.sent) == 1


def test_it_leaves_what_is_not_due_or_was_sent(fake_twilio: FakeTwilio) -> None:
    queue_message(send_after=timezone.now() + timedelta(minutes=1))
    queue_message(state=State.SENT)
    queue_message(state=State.FAILED)
    assert send_queued() == 0
    assert fake_twilio.sent == []


def test_a_temporary_failure_is_tried_again_after_growing_waits(fake_twilio: FakeTwilio) -> None:
    fake_twilio.answer(503, {"code": 20503, "message": "busy"})
    message = queue_message()
    waits = []
    for _ in WAITS:
        OutboundMessage.objects.update(send_after=timezone.now())
        assert send_queued() == 0
        message.refresh_from_db()
        assert (message.state, message.error) == (State.QUEUED, "twilio 20503")
        waits.append((message.send_after - timezone.now()).total_seconds())
    assert [round(wait / 10) * 10 for wait in waits] == [wait.total_seconds() for wait in WAITS]
    OutboundMessage.objects.update(send_after=timezone.now())
    send_queued()
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, len(WAITS) + 1)


def test_it_comes_through_when_the_provider_is_back(fake_twilio: FakeTwilio) -> None:
    fake_twilio.answer(503, {"code": 20503, "message": "busy"})
    queue_message()
    send_queued()
    fake_twilio.answer_normally()
    OutboundMessage.objects.update(send_after=timezone.now())
    assert send_queued() == 1
    assert OutboundMessage.objects.get().error == ""


def test_a_permanent_failure_is_given_up_at_once(
    fake_twilio: FakeTwilio, caplog: pytest.LogCaptureFixture
) -> None:
    fake_twilio.answer(400, {"code": 21211, "message": f"The 'To' number {WITNESS} is not valid"})
    queue_message()
    assert send_queued() == 0
    message = OutboundMessage.objects.get()
    assert (message.state, message.error) == (State.FAILED, "twilio 21211")
    assert WITNESS not in caplog.text
    assert not Contact.objects.get().opted_out


def test_who_opted_out_at_the_provider_is_never_written_to_again(fake_twilio: FakeTwilio) -> None:
    fake_twilio.answer(400, {"code": 21610, "message": "unsubscribed recipient"})
    queue_message()
    send_queued()
    assert Contact.objects.get().opted_out
    fake_twilio.answer_normally()
    fake_twilio.sent.clear()
    queue_message()
    assert send_queued() == 0
    assert fake_twilio.sent == []
    assert set(OutboundMessage.objects.values_list("state", flat=True)) == {State.FAILED}


def test_what_a_dead_worker_had_claimed_is_sent_when_its_lease_is_over(fake_twilio: FakeTwilio) -> None:
    queue_message(state=State.SENDING, attempts=1, send_after=timezone.now() + timedelta(minutes=1))
    assert send_queued() == 0
    OutboundMessage.objects.update(send_after=timezone.now())
    assert send_queued() == 1


def lease_over() -> None:
    """The five minutes after which a worker that claimed something has died."""
    OutboundMessage.objects.filter(state=State.SENDING).update(send_after=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_had_sent_before_it_died_goes_out_no_second_time(fake_twilio: FakeTwilio) -> None:
    queue_message()
    die_in(send_queued, "after-send")
    assert OutboundMessage.objects.get().state == State.SENDING
    lease_over()
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1
    message = OutboundMessage.objects.get()
    assert (message.state, message.provider_message_id) == (State.SENT, fake_twilio.message_ids[0])
    assert message.sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_nor_does_what_twilio_took_while_the_worker_was_killed_waiting_for_its_answer(
    fake_twilio: FakeTwilio,
) -> None:
    queue_message()
    is_taken, is_killed = threading.Event(), threading.Event()

    def hold_the_answer_back() -> None:
        is_taken.set()
        is_killed.wait(10)

    fake_twilio.after_taking = hold_the_answer_back
    worker = begin(send_queued)
    assert is_taken.wait(10)
    kill(worker)
    is_killed.set()
    lease_over()
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1
    assert OutboundMessage.objects.get().provider_message_id == fake_twilio.message_ids[0]


@pytest.mark.django_db(transaction=True)
def test_what_had_not_gone_out_when_its_worker_died_goes_out(fake_twilio: FakeTwilio) -> None:
    queue_message()
    die_in(send_queued, "before-send")
    assert fake_twilio.sent == []
    lease_over()
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_messages_with_the_same_words_neither_is_taken_for_the_other(fake_twilio: FakeTwilio) -> None:
    for _ in range(2):
        queue_message()
    die_in(lambda: send_queued(1), "after-send")
    assert send_queued() == 1  # the other, by a worker that lives
    lease_over()
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 2
    ids = OutboundMessage.objects.values_list("provider_message_id", flat=True)
    assert sorted(ids) == fake_twilio.message_ids


@pytest.mark.django_db(transaction=True)
def test_two_in_doubt_with_one_taken_are_two_in_the_end(fake_twilio: FakeTwilio) -> None:
    for _ in range(2):
        queue_message()
    die_in(lambda: send_queued(1), "after-send")
    die_in(lambda: send_queued(1), "before-send")
    lease_over()
    assert sum(at_once(send_queued, times=4)) == 2
    assert len(fake_twilio.sent) == 2
    ids = OutboundMessage.objects.values_list("provider_message_id", flat=True)
    assert sorted(ids) == fake_twilio.message_ids


def test_an_answer_that_got_lost_is_not_tried_again_blindly(
    fake_twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("sms_gateway.providers.twilio.API_TIMEOUT_S", 0.2)
    fake_twilio.after_taking = lambda: time.sleep(0.5)
    message = queue_message()
    assert send_queued() == 0
    message.refresh_from_db()
    assert (message.state, message.error, message.is_in_doubt) == (State.QUEUED, "ReadTimeout", True)
    monkeypatch.undo()
    OutboundMessage.objects.update(send_after=timezone.now())
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1
    assert OutboundMessage.objects.get().provider_message_id == fake_twilio.message_ids[0]
    assert fake_twilio.asked[-1].query["To"] == WITNESS
    assert WITNESS[1:] not in caplog.text, "not even at the finest level of a library"


@pytest.mark.parametrize(
    ("status", "is_in_doubt"), [(429, False), (503, False), (500, True), (502, True), (504, True)]
)
def test_what_was_refused_for_sure_is_tried_again_without_asking(
    fake_twilio: FakeTwilio, status: int, is_in_doubt: bool
) -> None:
    fake_twilio.answer(status, {"message": "busy"})
    queue_message()
    send_queued()
    assert OutboundMessage.objects.get().is_in_doubt is is_in_doubt
    fake_twilio.answer_normally()
    OutboundMessage.objects.update(send_after=timezone.now())
    assert send_queued() == 1
    assert [asked.method for asked in fake_twilio.asked] == ["POST", *["GET"] * is_in_doubt, "POST"]


@pytest.mark.django_db(transaction=True)
def test_what_was_reported_as_gone_while_its_answer_was_waited_for_is_not_put_back(
    fake_twilio: FakeTwilio,
) -> None:
    message = queue_message()

    def report_and_fail(asked: Asked) -> tuple[int, object]:
        OutboundMessage.objects.filter(pk=message.pk).update(state=State.SENT)  # as a delivery report does
        connection.close()
        return 502, {}

    fake_twilio.answerer = report_and_fail
    send_queued()
    assert OutboundMessage.objects.get().state == State.SENT


def test_while_twilio_cannot_say_what_it_took_nothing_is_sent_again_until_the_last_try(
    fake_twilio: FakeTwilio,
) -> None:
    fake_twilio.list_status = 503
    message = queue_message(state=State.SENDING, attempts=1)
    for _ in range(1, len(WAITS)):
        OutboundMessage.objects.update(send_after=timezone.now())
        assert send_queued() == 0
        message.refresh_from_db()
        assert (message.state, message.is_in_doubt) == (State.QUEUED, True)
    assert fake_twilio.sent == []
    OutboundMessage.objects.update(send_after=timezone.now())
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1


@pytest.mark.parametrize("status", [404, 405, 501])
def test_where_a_provider_will_never_say_it_may_come_twice_rather_than_never(
    fake_twilio: FakeTwilio, status: int
) -> None:
    queue_message(state=State.SENDING, attempts=1)
    fake_twilio.list_status = status
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1


def test_a_lost_key_is_no_reason_to_give_up(fake_twilio: FakeTwilio, settings: Settings) -> None:
    queue_message()
    Contact.objects.update(number_sealed="lost:AAAA")
    assert send_queued() == 0
    message = OutboundMessage.objects.get()
    assert (message.state, message.error) == (State.QUEUED, "UnsealError")


def test_an_unknown_provider_stops_nobody_else(fake_twilio: FakeTwilio) -> None:
    queue_message(provider="gone away", send_after=timezone.now() - timedelta(hours=1))
    queue_message()
    assert send_queued() == 1
    assert sorted(OutboundMessage.objects.values_list("state", "error")) == [
        (State.QUEUED, "KeyError"),
        (State.SENT, ""),
    ]


def test_the_simulator_sends_to_nobody() -> None:
    queue_message(provider="simulator")
    assert send_queued() == 1
    assert OutboundMessage.objects.get().provider_message_id.startswith("simulated-")
