from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.models import InboundMessage
from sms_gateway.simulation import SimulatorOff, simulate_message

pytestmark = pytest.mark.django_db


def test_a_simulated_message_goes_the_way_of_every_message() -> None:
    sent_at = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    exchange = simulate_message("+243 810 000 001", "Soldiers came", message_id="one", sent_at=sent_at)
    report = Report.objects.get()
    assert exchange.reference == report.reference
    assert len(exchange.replies) == 1
    assert exchange.reference in exchange.replies[0]
    assert (report.channel, report.source_key, report.is_fictional) == ("simulator", "simulator:one", True)
    assert report.received_at == sent_at


def test_without_an_id_every_message_is_another_one() -> None:
    simulate_message("+243810000001", "Soldiers went")
    simulate_message("+243810000002", "Soldiers came")
    assert Report.objects.count() == 2


def test_no_reply_and_no_report_is_an_empty_exchange() -> None:
    exchange = simulate_message("+243810000001", "STOP")
    assert (exchange.reference, exchange.replies) == ("", ())


@pytest.mark.parametrize(
    ("sender", "text", "message_id"),
    [
        ("0810000001", "x", ""),
        ("", "x", ""),
        ("+1", "x", ""),
        ("+243810000001", "x" * 20_001, ""),
        ("+243810000001", "x", "i" * 151),
    ],
)
def test_what_cannot_be_is_refused_and_kept_nowhere(sender: str, text: str, message_id: str) -> None:
    with pytest.raises(ValueError, match=r"number|long"):
        simulate_message(sender, text, message_id=message_id)
    assert InboundMessage.objects.count() == 0


def test_it_is_off_where_people_are_real(settings: Settings) -> None:
    settings.SIMULATOR_ENABLED = False
    with pytest.raises(SimulatorOff):
        simulate_message("+243810000001", "Soldiers came")
    assert InboundMessage.objects.count() == 0
