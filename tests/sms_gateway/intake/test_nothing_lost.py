"""No success without a commit: the connection is lost, or the transaction, at each step of receiving."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from impact.accounts.models import default_organisation
from impact.incidents.models import Report
from sms_gateway import receiving
from sms_gateway.inbound import InboundSms
from sms_gateway.intake import keeping, taking_in_many
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.keeping import Kept, keep_late_message, keep_message
from sms_gateway.intake.spool import put_aside, waiting_files
from sms_gateway.intake.time_limits import _cut_off
from sms_gateway.models import InboundMessage
from sms_gateway.receiving import finish_received, patience, receive_message
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db(transaction=True)

postgis_only = pytest.mark.skipif(django_settings.IS_SPATIALITE, reason="SQLite has no server to lose")
TEXT = "Soldiers shot two men at Tshikapa yesterday"


def terminate() -> None:
    """The server ends our session, as it does when it dies."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 2000)", [connection.connection.info.backend_pid])
    other.close()


def cut_off() -> None:
    """Our own watchdog ends the connection of a request whose time is over."""
    _cut_off(connection)


def roll_back() -> None:
    """What SQLite does by itself, before it raises, when its disk is full or fails."""
    connection.connection.rollback()
    raise OperationalError("disk I/O error")


@pytest.fixture(params=["at once", "alone"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """By one commit with those that come at the same time, and as what cannot go that way."""
    default_organisation()
    if request.param == "alone":
        monkeypatch.setattr(receiving, "take_in_many", lambda many: [None] * len(many))
    return str(request.param)


LOSSES = [roll_back] if django_settings.IS_SPATIALITE else [cut_off, terminate]


class Statements:
    """Counts the statements on the connection, and loses it right before one of them."""

    def __init__(self, lose: Callable[[], None], at: int | None = None) -> None:
        self.lose, self.at, self.seen = lose, at, 0

    @property
    def is_over(self) -> bool:
        return self.at is None or self.seen <= self.at

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
        self.seen += 1
        if self.seen - 1 == self.at:
            self.lose()
        return execute(sql, parameters, many, context)


def finish() -> None:
    patience.regain()
    drain_spool()
    InboundMessage.objects.update(try_after=timezone.now())
    finish_received()


def texts() -> dict[str, str]:
    return dict(InboundMessage.objects.values_list("provider_message_id", "text"))


def test_a_connection_lost_before_any_statement_of_receiving_loses_no_message(way: str) -> None:
    sent: list[InboundSms] = []
    for step in count():
        sms = make_sms(f"Soldiers shot two men {step}", sender=f"+24381000{step:04}")
        statements = Statements(LOSSES[0], at=step)
        patience.regain()
        with connection.execute_wrapper(statements):
            receive_message(sms)  # no error: it is answered with success
        sent.append(sms)
        assert len(waiting_files()) + InboundMessage.objects.count() >= len(sent), step
        if statements.is_over:
            break
    assert len(sent) > 10
    if way == "alone" or connection.vendor == "postgresql":
        assert len(waiting_files()) > 10
    else:
        assert waiting_files() == []  # a file that is there again a moment later: each was tried alone
    patience.regain()
    drain_spool()
    assert waiting_files() == []
    assert texts() == {sms.message_id: sms.text for sms in sent}


@contextmanager
def lost_at(point: str, lose: Callable[[], None]) -> Iterator[None]:
    def reached(here: str) -> None:
        if here == point:
            lose()

    with pytest.MonkeyPatch.context() as patch:
        for module in (receiving, keeping, taking_in_many):
            patch.setattr(module, "reached", reached)
        yield


@pytest.mark.parametrize("lose", LOSSES)
@pytest.mark.parametrize("point", ["after-insert", "before-commit"])
def test_a_connection_lost_at_a_point_of_receiving_loses_no_message(
    lose: Callable[[], None], point: str
) -> None:
    sms = make_sms(TEXT)
    with lost_at(point, lose):
        assert receive_message(sms) is None
    assert (InboundMessage.objects.count(), len(waiting_files())) == (0, 1)
    finish()
    assert texts() == {sms.message_id: TEXT}
    assert Report.objects.count() == 1


@contextmanager
def server_that_dies_in_commit() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        cursor.execute(
            "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON sms_gateway_inboundmessage"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()"
        )
    try:
        yield
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION die CASCADE")


@postgis_only
def test_a_server_that_dies_in_the_commit_itself_loses_no_message() -> None:
    sms, spooled = make_sms(TEXT), make_sms("They burnt the store", sender="+243810000002")
    with server_that_dies_in_commit():
        assert receive_message(sms) is None
        put_aside(spooled)
        assert drain_spool() == 0
        assert len(waiting_files()) == 2
    finish()
    assert set(texts()) == {sms.message_id, spooled.message_id}
    assert Report.objects.count() == 2


def test_what_was_committed_though_the_commit_seemed_to_fail_is_one_message() -> None:
    def lose() -> None:
        raise OperationalError("the answer to COMMIT did not come")

    with lost_at("after-commit", lose):
        assert receive_message(make_sms(TEXT)) is None
    assert (InboundMessage.objects.count(), len(waiting_files())) == (1, 1)
    finish()
    assert (InboundMessage.objects.count(), Report.objects.count(), len(waiting_files())) == (1, 1, 0)


@pytest.mark.parametrize("lose", LOSSES)
def test_a_drain_whose_transaction_is_lost_removes_no_file(lose: Callable[[], None]) -> None:
    sent = [make_sms(f"{TEXT} {n}", sender=f"+24381000100{n}") for n in range(3)]
    for sms in sent:
        put_aside(sms)
    for step in count():
        with connection.execute_wrapper(Statements(lose, at=step)), suppress(OperationalError):
            drain_spool()
        connection.close()
        if not waiting_files():
            break
        assert len(waiting_files()) == 3
        assert InboundMessage.objects.count() in {0, 3}  # 3 where only the proof of it was lost
    assert step > 10
    assert texts() == {sms.message_id: sms.text for sms in sent}


def test_a_drain_that_is_rolled_back_without_an_error_removes_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def keep(sms: InboundSms, *, is_live: bool) -> Kept:
        kept = keep_message(sms, is_live=is_live)
        transaction.set_rollback(True)
        return kept

    put_aside(make_sms())
    monkeypatch.setattr(keeping, "keep_message", keep)
    assert drain_spool() == 0
    with pytest.raises(OperationalError):
        keep_late_message(make_sms())
    monkeypatch.setattr(keeping, "keep_message", keep_message)
    assert len(waiting_files()) == 1
    assert drain_spool() == 1


@pytest.mark.parametrize("lose", LOSSES)
def test_nothing_repeats_a_message_that_was_never_committed(lose: Callable[[], None]) -> None:
    first, second = make_sms(TEXT), make_sms(TEXT)
    with lost_at("before-commit", lose):
        assert receive_message(first) is None
    assert len(waiting_files()) == 1
    patience.regain()
    assert receive_message(second) is not None
    finish()
    states = dict(InboundMessage.objects.values_list("provider_message_id", "state"))
    assert states == {first.message_id: "repeated", second.message_id: "done"}
    assert Report.objects.count() == 1


def test_a_fault_that_is_not_the_databases_puts_a_message_into_the_spool_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(TEXT)

    good = make_sms("They burnt the store", sender="+243810000002")
    monkeypatch.setattr(keeping, "hear_from", fail)
    monkeypatch.setattr(taking_in_many, "sender_of", fail)
    assert receive_message(make_sms(TEXT)) is None
    assert drain_spool() == 0
    monkeypatch.undo()
    put_aside(good)
    assert len(waiting_files()) == 2
    assert drain_spool() == 2
    assert TEXT not in caplog.text
