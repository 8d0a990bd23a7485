"""The way round a database that is away: into the spool, and out of it once, whatever dies when."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.models import Report
from impact.sealing import parse_keys
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import put_aside, waiting_files
from sms_gateway.intake.time_limits import time_limit
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import finish_received, patience, receive_message
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import PARTED_KEY, WITNESS, make_sms, post_twilio, twilio_fields

pytestmark = pytest.mark.django_db

postgis_only = pytest.mark.skipif(django_settings.IS_SPATIALITE, reason="SQLite has no server to freeze")


def hide_messages() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sms_gateway_inboundmessage RENAME TO away")


def bring_messages_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE away RENAME TO sms_gateway_inboundmessage")


@pytest.mark.django_db(transaction=True)
def test_while_the_database_fails_a_message_is_answered_and_later_becomes_a_report(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hide_messages()
    try:
        answer = post_twilio(twilio_fields("Soldiers shot two men", MessageSid="SM1"))
        assert (answer.status_code, b"<Message>" in answer.content) == (200, False)
        assert drain_spool() == 0
        assert len(waiting_files()) == 1
    finally:
        bring_messages_back()
    assert drain_spool() == 1
    assert waiting_files() == []
    assert finish_received() == 1
    assert Report.objects.get().source_key == "twilio:SM1"
    assert OutboundMessage.objects.get().state == OutboundMessage.State.QUEUED
    assert "Soldiers" not in caplog.text
    assert WITNESS not in caplog.text


def test_the_moment_of_arrival_survives_the_spool() -> None:
    arrived_at = timezone.now() - timedelta(hours=5)
    put_aside(make_sms(received_at=arrived_at))
    drain_spool()
    message = InboundMessage.objects.get()
    assert (message.created_at, message.received_at) == (arrived_at, arrived_at)


def test_they_are_drained_in_order() -> None:
    for n in range(10):
        put_aside(make_sms(f"report {n}", message_id=f"{n}"))
    assert drain_spool(limit=4) == 4
    assert drain_spool() == 6
    drained = InboundMessage.objects.order_by("try_after", "created_at").values_list("text", flat=True)
    assert list(drained) == [f"report {n}" for n in range(10)]


def test_a_crash_between_the_commit_and_the_removal_makes_nothing_twice() -> None:
    sms = make_sms()
    put_aside(sms)
    receive_message(sms)
    assert drain_spool() == 1
    assert InboundMessage.objects.count() == Report.objects.count() == 1


def test_a_file_that_cannot_be_read_stays_and_stops_no_other() -> None:
    broken = put_aside(make_sms())
    broken.write_bytes(b"gone:" + b"x" * 100)
    put_aside(make_sms())
    assert drain_spool() == 1
    assert waiting_files() == [broken]


def test_a_host_without_the_private_key_leaves_the_spool_alone(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = PARTED_KEY
    put_aside(make_sms())
    settings.HEADLAMP_KEYS = ",".join(key.public_form() for key in parse_keys(PARTED_KEY))
    assert drain_spool() == 0
    assert len(waiting_files()) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_drainers_store_every_message_once() -> None:
    for n in range(20):
        put_aside(make_sms(f"report {n}"))
    assert sum(at_once(drain_spool, times=8)) + drain_spool() == 20
    assert InboundMessage.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_not_waited_for() -> None:
    is_locked, may_go = threading.Event(), threading.Event()

    def lock() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("LOCK TABLE sms_gateway_contact IN ACCESS EXCLUSIVE MODE")
            is_locked.set()  # on SQLite every transaction of ours holds the file
            may_go.wait(20)
        connection.close()

    thread = threading.Thread(target=lock)
    thread.start()
    is_locked.wait(5)
    try:
        began = time.monotonic()
        assert receive_message(make_sms()) is None
        waited_s = time.monotonic() - began
        if connection.vendor == "postgresql":
            began = time.monotonic()
            assert receive_message(make_sms("and another")) is None
            assert time.monotonic() - began < 1  # nobody waits for it again for a while
    finally:
        may_go.set()
        thread.join()
    assert waited_s < 5
    waiting = len(waiting_files())
    assert waiting == (2 if connection.vendor == "postgresql" else 1)
    patience.regain()
    assert drain_spool() == waiting


@postgis_only
@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_is_cut_off() -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError), time_limit(0.3), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20)")
    assert time.monotonic() - began < 5
    connection.close()
    with time_limit(5.0):
        assert InboundMessage.objects.count() == 0


def test_what_is_done_in_time_is_left_alone() -> None:
    with time_limit(0.1):
        assert InboundMessage.objects.count() == 0
    time.sleep(0.4)
    assert InboundMessage.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_lost_while_a_message_is_taken_in_is_no_false_success() -> None:
    def cut(execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        if "INSERT INTO" in sql and "incidents_report" in sql:
            connection.close()
            raise OperationalError("cut off")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(cut):
        assert receive_message(make_sms("Soldiers shot two men")) is None
    assert len(waiting_files()) + InboundMessage.objects.count() == 1
    patience.regain()
    assert drain_spool() == 1
    assert finish_received() == 1
