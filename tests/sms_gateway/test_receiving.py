import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from impact.accounts.models import default_organisation
from impact.incidents.models import Incident, Message, Report
from impact.incidents.references import is_reference
from impact.places import gazetteer_store
from impact.understanding.answers import Asked
from sms_gateway import receiving
from sms_gateway.intake import taking_in_many
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import waiting_files
from sms_gateway.intake.taking_in_many import take_in_many
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import MOST_ATTEMPTS, NotStored, finish_received, patience, receive_message
from tests.builders import make_area, make_place
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import make_sms, rows

pytestmark = pytest.mark.django_db


def keep_unfinished(text: str = "Soldiers shot two men", **fields: object) -> InboundMessage:
    """A message whose request died right after the message was kept."""
    receive_message(make_sms(text))
    message = InboundMessage.objects.get()
    OutboundMessage.objects.all().delete()
    for report in Report.objects.all():
        report.delete()
        report.incident.delete()
    InboundMessage.objects.update(
        **{
            "state": InboundMessage.State.RECEIVED,
            "report_reference": "",
            "try_after": timezone.now() - timedelta(seconds=1),
            **fields,
        }
    )
    message.refresh_from_db()
    return message


def statements(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, but for savepoints, which are the test's own."""
    said = [query["sql"] or "with values of the server's" for query in queries]
    return [sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def test_a_message_becomes_a_report_and_is_answered() -> None:
    reply = receive_message(make_sms("Ils ont tué deux creuseurs", message_id="SM1"))
    report, message = Report.objects.get(), InboundMessage.objects.get()
    assert reply is not None
    assert is_reference(reply.reference)
    assert reply.reference == report.reference == message.report_reference
    assert reply.reference in reply.text
    assert (report.channel, report.source_key, report.sender_country) == ("sms", "twilio:SM1", "CD")
    assert report.text == message.text == "Ils ont tué deux creuseurs"
    assert report.reporter == message.contact.reporter
    assert (report.may_follow_up, report.may_share, report.may_publish) == (True, False, False)
    assert message.state == InboundMessage.State.DONE


def test_a_message_costs_no_more_statements_than_this() -> None:
    """From a new number, linked to an area and asked for its day: the most that there is to write."""
    default_organisation()
    make_place("Tongo", 20.81, -6.41)
    make_area("Tongo pits", 20.8, -6.4)
    receive_message(make_sms("HELP", sender="+243810000009"))  # what is loaded once a process is there
    with CaptureQueriesContext(connection) as queries:
        receive_message(make_sms("Soldiers shot two men at Tongo"))
    assert Incident.objects.get().area_links.count() == 1
    assert Message.objects.get().asked == Asked.WHEN
    assert len(statements(queries)) <= 17


def test_messages_that_come_together_cost_few_statements_more_than_one() -> None:
    default_organisation()
    make_place("Tongo", 20.81, -6.41)
    make_area("Tongo pits", 20.8, -6.4)
    many = [make_sms("Soldiers shot two men at Tongo", sender=f"+24381000010{n}") for n in range(8)]
    take_in_many(many[:1])
    with CaptureQueriesContext(connection) as queries:
        assert all(take_in_many(many[1:]))
    assert Message.objects.filter(asked=Asked.WHEN).count() == 8
    assert len(statements(queries)) <= 40


def test_a_message_that_comes_while_names_are_loaded_is_kept_and_taken_in_by_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(receiving, "NAMES_S", 0.01)
        patch.setattr(taking_in_many, "NAMES_S", 0.01)
        patch.setattr(gazetteer_store, "_held", None)
        with gazetteer_store._lock:
            assert receive_message(make_sms()) is None
    assert InboundMessage.objects.get().state == InboundMessage.State.RECEIVED
    assert waiting_files() == []
    assert finish_received() == 1
    assert Report.objects.count() == OutboundMessage.objects.filter(state="queued").count() == 1


def test_the_reply_is_written_down_as_gone_with_the_answer() -> None:
    receive_message(make_sms())
    sent = OutboundMessage.objects.get()
    assert (sent.state, sent.is_in_answer, sent.segments) == (OutboundMessage.State.SENT, True, 1)
    assert sent.in_reply_to == InboundMessage.objects.get()


def test_a_second_delivery_gets_the_same_answer_and_makes_nothing() -> None:
    sms = make_sms()
    first = receive_message(sms)
    assert first is not None
    assert receive_message(sms) == first
    assert rows() == (1, 1, 1)
    assert Report.objects.count() == 1


def test_the_same_id_from_another_provider_is_another_message() -> None:
    receive_message(make_sms("They came", message_id="1", provider="twilio"))
    receive_message(make_sms("They went", message_id="1", provider="simulator", sender="+243810000002"))
    assert Report.objects.count() == 2


def test_the_time_is_the_senders_but_never_in_the_future() -> None:
    now = timezone.now()
    receive_message(make_sms(message_id="old", sent_at=now - timedelta(days=2)))
    receive_message(make_sms(message_id="ahead", sent_at=now + timedelta(days=2)))
    old, ahead = (InboundMessage.objects.get(provider_message_id=name) for name in ("old", "ahead"))
    assert old.received_at == now - timedelta(days=2)
    assert now <= ahead.received_at <= timezone.now()
    assert Report.objects.get(source_key="twilio:old").received_at == old.received_at


def test_what_a_database_cannot_hold_is_replaced_and_the_rest_is_kept() -> None:
    assert receive_message(make_sms("tué\0 \ud800 ici")) is not None
    assert Report.objects.get().text == "tué\ufffd ? ici"


def test_messages_of_the_demo_are_fictional(settings: Settings) -> None:
    settings.DEMO = True
    receive_message(make_sms("demo", message_id="demo"))
    settings.DEMO = False
    receive_message(make_sms("real", message_id="real"))
    receive_message(make_sms("simulated", message_id="simulated", is_fictional=True))
    flags = dict(InboundMessage.objects.values_list("provider_message_id", "is_fictional"))
    assert flags == {"demo": True, "real": False, "simulated": True}
    assert Report.objects.filter(is_fictional=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_thirty_two_deliveries_at_once_are_one_report_and_one_answer() -> None:
    sms = make_sms()
    replies = at_once(lambda: receive_message(sms), times=32)
    assert len(replies) == 32
    # Who had to wait for too long in this crowd went through the spool, and was answered with nothing.
    assert len(set(replies) - {None}) == 1
    patience.regain()
    drain_spool()
    assert rows() == (1, 1, 1)
    assert Report.objects.count() == Incident.objects.count() == 1


def test_a_message_that_cannot_be_kept_anywhere_is_refused_without_its_words(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.SPOOL_DIR = tmp_path / "file" / "spool"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE sms_gateway_inboundmessage RENAME TO away")
    with pytest.raises(NotStored) as refused:
        receive_message(make_sms("soldiers"))
    assert "Error at " in str(refused.value)
    assert "Not a directory" in str(refused.value)
    assert "soldiers" not in str(refused.value)


@pytest.mark.django_db(transaction=True)
def test_a_fault_after_keeping_leaves_the_message_to_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE incidents_incidentharm RENAME TO away")
    try:
        assert receive_message(make_sms("soldiers killed two men")) is None
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO incidents_incidentharm")
    message = InboundMessage.objects.get()
    assert message.state == InboundMessage.State.RECEIVED
    assert Report.objects.count() == 0
    assert str(message.pk) in caplog.text
    assert "soldiers" not in caplog.text

    assert finish_received() == 0  # the request's own ten seconds are not over
    InboundMessage.objects.update(try_after=timezone.now())
    assert finish_received() == 1
    assert Report.objects.get().text == "soldiers killed two men"


def test_the_worker_finishes_once_what_a_crash_left_and_queues_the_answer() -> None:
    keep_unfinished()
    assert finish_received() == 1
    assert finish_received() == 0
    message, reply = InboundMessage.objects.get(), OutboundMessage.objects.get()
    assert message.state == InboundMessage.State.DONE
    assert message.report_reference == Report.objects.get().reference
    assert message.report_reference in reply.text
    assert (reply.state, reply.is_in_answer) == (OutboundMessage.State.QUEUED, False)


def test_a_crash_after_the_report_and_before_the_mark_makes_no_second_report() -> None:
    receive_message(make_sms())
    OutboundMessage.objects.all().delete()
    InboundMessage.objects.update(state=InboundMessage.State.RECEIVED, try_after=timezone.now())
    assert finish_received() == 1
    assert Report.objects.count() == 1
    assert OutboundMessage.objects.get().state == OutboundMessage.State.QUEUED


def test_a_redelivery_takes_the_queued_answer_along_so_that_it_is_not_sent_as_well() -> None:
    sms = make_sms(message_id=keep_unfinished().provider_message_id)
    finish_received()
    reply = receive_message(sms)
    assert reply is not None
    sent = OutboundMessage.objects.get()
    assert reply.text == sent.text
    assert (sent.state, sent.is_in_answer) == (OutboundMessage.State.SENT, True)


def test_a_redelivery_after_the_worker_sent_the_answer_is_not_answered_again() -> None:
    sms = make_sms(message_id=keep_unfinished().provider_message_id)
    finish_received()
    OutboundMessage.objects.update(state=OutboundMessage.State.SENT, provider_message_id="SM-out")
    assert receive_message(sms) is None


@pytest.mark.django_db(transaction=True)
def test_eight_workers_finish_a_message_once() -> None:
    keep_unfinished()
    assert sum(at_once(finish_received, times=8)) == 1
    assert InboundMessage.objects.get().attempts == 1
    assert Report.objects.count() == OutboundMessage.objects.count() == 1


def test_the_worker_waits_longer_each_time_and_gives_up_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR)
    keep_unfinished(channel="gone away")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        assert InboundMessage.objects.get().state == InboundMessage.State.RECEIVED
        InboundMessage.objects.update(try_after=timezone.now())
        before = timezone.now()
        assert finish_received() == 0
        waits.append(InboundMessage.objects.get().try_after - before)
    message = InboundMessage.objects.get()
    assert (message.state, message.error, message.attempts) == ("failed", "ValueError", MOST_ATTEMPTS)
    assert waits == sorted(waits)
    assert waits[-1] > timedelta(hours=1)
    assert message.text == "Soldiers shot two men"


def test_a_text_that_intake_refuses_is_kept_and_not_tried_again() -> None:
    assert receive_message(make_sms("a" * 20_001)) is None
    InboundMessage.objects.update(try_after=timezone.now())
    assert finish_received() == 0
    message = InboundMessage.objects.get()
    assert (message.state, message.error, len(message.text)) == ("failed", "DraftError", 20_001)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no connection to be cut off")
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_off_while_a_message_is_taken_in_is_no_false_yes() -> None:
    # The transaction is lost with its connection, and the message with it, unless the spool has it.
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$; "
            "CREATE TRIGGER cut_off BEFORE INSERT ON incidents_report "
            "FOR EACH ROW EXECUTE FUNCTION cut_off()"
        )
    try:
        assert receive_message(make_sms("Soldiers came")) is None
        assert InboundMessage.objects.count() == 0
        assert len(waiting_files()) == 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER cut_off ON incidents_report")
    patience.regain()
    assert drain_spool() == 1
    finish_received()
    assert Report.objects.get().text == "Soldiers came"
