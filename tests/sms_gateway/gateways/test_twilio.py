"""twilio-python against a stand-in of Twilio that is slow, reorders, duplicates, and refuses."""

import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sms_gateway.models import Contact, OutboundMessage
from sms_gateway.receiving import finish_received, receive_message
from sms_gateway.sending import send_queued
from tests.sms_gateway.fake_api import Asked
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.gateways.processes import Process
from tests.sms_gateway.providers.lines import FORM
from tests.sms_gateway.telephones import make_sms, signature

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = 12


class StandIn(FakeTwilio):
    """Reports before it answers, thrice and in any order; refuses every third message at first."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = random.Random(12)
        self.refused: set[str] = set()
        self.stopped: set[str] = set()
        self.statuses: list[int] = []
        self.answerer = self._whimsical

    def _whimsical(self, asked: Asked) -> tuple[int, object]:
        if asked.method != "POST":
            return self._normal(asked)
        form = asked.form
        if form["To"] in self.stopped:
            return 400, {"code": 21610, "message": f"{form['To']} has unsubscribed"}
        if int(form["To"][-2:]) % 3 == 0 and form["To"] not in self.refused:
            self.refused.add(form["To"])
            return 429, {"code": 20429, "message": "Too Many Requests"}
        status, created = self._normal(asked)
        assert isinstance(created, dict)
        reports = [word for word in ("queued", "sent", "delivered") for _ in range(3)]
        self.chance.shuffle(reports)
        for word in reports:
            self._report(form["StatusCallback"], created["sid"], word, form["To"])
        return status, created

    def _report(self, address: str, sid: str, word: str, to: str) -> None:
        given = {
            "AccountSid": django_settings.TWILIO_ACCOUNT_SID,
            "MessageSid": sid,
            "MessageStatus": word,
            "To": to,
        }
        parts = urlsplit(address)
        answer = Client().post(
            f"{parts.path}?{parts.query}",
            urlencode(given),
            content_type=FORM,
            headers={"X-Twilio-Signature": signature(given, url=address)},
        )
        self.statuses.append(answer.status_code)
        connection.close()  # this thread's own


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[StandIn]:
    stand_in = StandIn()
    settings.TWILIO_API_BASE = stand_in.address
    settings.PUBLIC_URL = "https://testserver"
    yield stand_in
    stand_in.close()


def queue(count: int) -> None:
    """So many replies that wait for the worker."""
    for number in range(count):
        receive_message(make_sms(f"Soldiers came to pit {number}", sender=f"+2438100100{number:02}"))
    finish_received()
    OutboundMessage.objects.update(state="queued", is_in_answer=False, send_after=timezone.now())
    assert OutboundMessage.objects.count() == count


def send_all() -> int:
    sent = 0
    for _ in range(3):
        sent += send_queued()
        OutboundMessage.objects.filter(state="queued").update(send_after=timezone.now())
    return sent


def test_reports_that_come_first_thrice_and_in_any_order_leave_each_message_delivered_once(
    stand_in: StandIn,
) -> None:
    queue(MESSAGES)
    assert send_all() == MESSAGES
    messages = OutboundMessage.objects.all()
    assert {(message.state, message.delivery) for message in messages} == {("sent", "delivered")}
    assert sorted(message.provider_message_id for message in messages) == sorted(stand_in.message_ids)
    assert len(stand_in.refused) == 4  # and each of them was sent after its 429
    assert set(stand_in.statuses) == {200}


def test_who_stopped_at_twilio_is_left_alone(stand_in: StandIn) -> None:
    queue(2)
    stand_in.stopped = {"+243810010001"}
    assert send_all() == 1
    assert sorted(OutboundMessage.objects.values_list("state", flat=True)) == ["failed", "sent"]
    assert OutboundMessage.objects.get(state="failed").error == "twilio 21610"
    assert Contact.objects.filter(opted_out=True).count() == 1


def test_an_answer_that_takes_too_long_is_a_failure_that_passes(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(1)
    monkeypatch.setattr("sms_gateway.providers.twilio.API_TIMEOUT_S", 0.3)

    def late(asked: Asked) -> tuple[int, object]:
        time.sleep(0.8)
        return 201, {"sid": "SM1"}

    stand_in.answerer = late
    assert send_queued() == 0
    message = OutboundMessage.objects.get()
    assert (message.state, message.error) == ("queued", "ReadTimeout")
    assert message.send_after > timezone.now()


def test_the_worker_s_own_process_is_killed_while_twilio_answers_and_the_words_go_out_once(
    environment: dict[str, str], fake_twilio: FakeTwilio, tmp_path: Path
) -> None:
    queue(1)
    is_taken, is_killed = threading.Event(), threading.Event()

    def hold_the_answer_back() -> None:
        is_taken.set()
        is_killed.wait(30)

    fake_twilio.after_taking = hold_the_answer_back
    account = {
        name: str(getattr(django_settings, name))
        for name in ("TWILIO_API_BASE", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
    }
    keys = {"HEADLAMP_KEYS": django_settings.HEADLAMP_KEYS}
    log = tmp_path / "worker.log"
    worker = Process(
        sys.executable, "manage.py", "worker", log=log, environment={**environment, **account, **keys}
    )
    try:
        assert is_taken.wait(60), log.read_text()
    finally:
        worker.kill()
        is_killed.set()
    assert OutboundMessage.objects.get().state == "sending"
    OutboundMessage.objects.update(send_after=timezone.now())  # its claim has run out
    assert send_queued() == 1
    assert len(fake_twilio.sent) == 1
    message = OutboundMessage.objects.get()
    assert (message.state, message.provider_message_id) == ("sent", fake_twilio.message_ids[0])
