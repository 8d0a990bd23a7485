from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from impact.incidents.models import Report
from sms_gateway.intake.catching_up import EVERY, catch_up, catch_up_after_outage
from sms_gateway.intake.draining import drain_spool
from sms_gateway.intake.spool import put_aside
from sms_gateway.models import InboundMessage, Line, OutboundMessage
from sms_gateway.providers import PROVIDERS
from sms_gateway.receiving import finish_received, receive_message
from tests.sms_gateway.fake_twilio import FakeTwilio
from tests.sms_gateway.racing import at_once
from tests.sms_gateway.telephones import make_sms

pytestmark = pytest.mark.django_db

HOUR_AGO = timezone.now() - timedelta(hours=1)


def miss(fake: FakeTwilio, count: int = 1) -> None:
    """Messages that Twilio has and could not deliver."""
    for n in range(count):
        moment = datetime(2026, 11, 26, 1, 0, tzinfo=UTC) + timedelta(seconds=10 * n)
        fake.has(f"SM{n:032x}", f"+24381000{n:04}", f"Soldiers shot {n} men", moment)


def after_an_outage() -> None:
    catch_up_after_outage()
    Line.objects.update(ask_after=HOUR_AGO, caught_up_to=HOUR_AGO)


def test_what_was_missed_becomes_reports_once_and_is_answered(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio, 50)
    receive_message(make_sms(sender="+243810000007", message_id=f"SM{7:032x}", sent_at=HOUR_AGO))
    assert catch_up("twilio", HOUR_AGO).new == 49
    assert catch_up("twilio", HOUR_AGO).new == 0
    assert finish_received() == 49
    assert InboundMessage.objects.count() == Report.objects.count() == 50
    assert OutboundMessage.objects.filter(state=OutboundMessage.State.QUEUED).count() == 49


def test_a_new_line_is_not_asked_for_its_past(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio)
    assert catch_up_after_outage() == 0
    assert fake_twilio.asked == []


def test_after_an_outage_the_worker_asks_from_before_it_on_and_then_not_for_a_while(
    fake_twilio: FakeTwilio,
) -> None:
    miss(fake_twilio)
    after_an_outage()
    assert catch_up_after_outage() == 1
    assert catch_up_after_outage() == 0
    assert len(fake_twilio.asked) == 1
    line = Line.objects.get(provider="twilio")
    assert line.ask_after - line.caught_up_to == EVERY


def test_a_provider_that_cannot_be_asked_is_asked_again_for_the_whole_time(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio)
    after_an_outage()
    fake_twilio.answer(503, {"code": 20503, "message": "busy"})
    assert catch_up_after_outage() == 0
    line = Line.objects.get(provider="twilio")
    assert line.error != ""
    assert line.caught_up_to == HOUR_AGO
    fake_twilio.answer_normally()
    Line.objects.update(ask_after=HOUR_AGO)
    assert catch_up_after_outage() == 1
    assert Line.objects.get(provider="twilio").error == ""


def test_a_provider_of_which_nothing_is_set_is_never_asked(
    fake_twilio: FakeTwilio, settings: Settings
) -> None:
    after_an_outage()
    for setting in PROVIDERS["twilio"].all_settings():
        setattr(settings, PROVIDERS["twilio"].variable(setting.name), setting.default)
    assert catch_up_after_outage() == 0
    assert fake_twilio.asked == []
    out = StringIO()
    call_command("catch_up", stdout=out)
    assert out.getvalue() == "no provider that keeps a list is configured\n"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_asks(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio, 3)
    after_an_outage()
    assert sum(at_once(catch_up_after_outage, times=8)) == 3
    assert len(fake_twilio.asked) == 1


def test_once_the_spool_was_used_the_providers_are_asked(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio)
    catch_up_after_outage()
    put_aside(make_sms())
    drain_spool()
    assert catch_up_after_outage() == 1


def test_the_command_says_what_it_found(fake_twilio: FakeTwilio) -> None:
    miss(fake_twilio, 2)
    out = StringIO()
    call_command("catch_up", provider="twilio", since="7d", stdout=out)
    assert out.getvalue() == "twilio: 2 listed, 2 had not reached us\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"provider": "nobody"}, "no line is called nobody"),
        ({"provider": "simulator"}, "keeps no list"),
        ({"since": "yesterday"}, "neither 30m"),
        ({"since": "2026-13-45"}, "neither 30m"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("catch_up", **arguments)


def test_the_command_fails_where_a_provider_cannot_be_asked(fake_twilio: FakeTwilio) -> None:
    fake_twilio.answer(503, {"code": 20503, "message": "busy"})
    with pytest.raises(CommandError, match="not caught up with: twilio"):
        call_command("catch_up", provider="twilio", stderr=StringIO())
