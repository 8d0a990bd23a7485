from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from sms_gateway.contacts import contact_behind
from sms_gateway.desk.health import LineHealth, doctor_lines, expected_people, line_healths, spool_health
from sms_gateway.intake.spool import put_aside
from sms_gateway.models import InboundMessage, OutboundMessage
from sms_gateway.receiving import receive_message
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def heard(at: datetime, *, serial: int = 0) -> None:
    InboundMessage.objects.create(
        provider="twilio",
        provider_message_id=f"{at.isoformat()}/{serial}",
        contact=contact_behind(f"+24381000{serial:04}"),
        try_after=at,
        received_at=at,
        created_at=at,
        state="done",
    )


def sent(**fields: Any) -> None:
    OutboundMessage.objects.create(
        **{
            "contact": contact_behind(WITNESS),
            "text": "Thank you.",
            "language": "en",
            "segments": 2,
            "provider": "twilio",
            "state": "sent",
            "send_after": timezone.now(),
            **fields,
        }
    )


def twilio(now: datetime | None = None) -> LineHealth:
    return next(line for line in line_healths(now) if line.name == "twilio")


def test_it_says_when_a_line_was_heard_and_what_became_of_what_was_sent() -> None:
    receive_message(make_sms())
    sent(delivery="delivered", cost=Decimal("-0.0075"), currency="USD")
    sent(delivery="delivered", cost=Decimal("-0.0075"), currency="USD")
    sent(delivery="read", cost=Decimal("0.8"), currency="KES")
    sent(delivery="undelivered")
    sent(state="queued")
    line = twilio()
    assert line.last_heard_at is not None
    assert line.last_sent_at is not None
    assert (line.heard_today, line.queued, line.delivery_rate) == (1, 1, 0.75)
    assert line.costs == (("KES", Decimal("0.8")), ("USD", Decimal("0.015")))


def test_a_line_that_was_never_used_is_shown_where_it_is_set_up() -> None:
    line = twilio()
    assert (line.last_heard_at, line.delivery_rate, line.costs, line.is_silent) == (None, None, (), False)


@pytest.mark.parametrize(("quiet_hours", "is_silent"), [(1, False), (2, False), (4, True), (48, True)])
def test_a_busy_line_is_silent_soon(quiet_hours: float, is_silent: bool) -> None:
    last_at = NOW - timedelta(hours=quiet_hours)
    for hour in range(24 * 3):  # three people an hour, day and night
        for serial in range(3):
            heard(last_at - timedelta(hours=hour), serial=serial)
    assert twilio(NOW).is_silent is is_silent


def test_a_line_that_sleeps_at_night_is_not_silent_in_the_morning() -> None:
    for day in range(1, 20):
        for hour in range(8, 20):
            for serial in range(2):
                heard(NOW.replace(hour=hour) - timedelta(days=day), serial=serial)
    assert not twilio(NOW.replace(hour=7, minute=59)).is_silent
    assert twilio(NOW.replace(hour=13)).is_silent


def test_one_person_who_writes_a_lot_is_no_crowd() -> None:
    for minute in range(100):
        heard(NOW - timedelta(minutes=minute))
    assert twilio(NOW + timedelta(hours=20)).expected is None


@pytest.mark.parametrize(("hours", "is_silent"), [(23, False), (25, True)])
def test_one_day_of_messages_is_no_habit_yet(hours: float, is_silent: bool) -> None:
    for serial in range(100):
        heard(NOW - timedelta(hours=hours), serial=serial)
        heard(NOW, serial=serial)
    assert twilio(NOW + timedelta(hours=23, minutes=59)).is_silent is is_silent


def test_expected_people_are_added_up_by_the_hour() -> None:
    per_hour = Counter({10: 20, 11: 40})
    assert expected_people(per_hour, 10, NOW.replace(hour=10, minute=30), NOW) == pytest.approx(1 + 4)


def test_the_spool_tells_its_oldest(settings: Settings) -> None:
    assert spool_health().waiting == 0
    put_aside(make_sms())
    spool = spool_health()
    assert spool.waiting == 1
    assert spool.oldest_at is not None
    assert timezone.now() - spool.oldest_at < timedelta(minutes=1)


def test_doctor_is_told_and_hears_no_number() -> None:
    for hour in range(24 * 3):
        for serial in range(3):
            heard(timezone.now() - timedelta(hours=12 + hour), serial=serial)
    put_aside(make_sms())
    lines = {name: (value, fails) for name, value, fails in doctor_lines()}
    assert "1 messages wait" in lines["spool"][0]
    assert "SILENT" in lines["line twilio"][0]
    assert lines["line twilio"][1]
    assert "810000" not in str(lines)
