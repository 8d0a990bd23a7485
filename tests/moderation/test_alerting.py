from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import DatabaseError
from pyproj import Geod
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.alert_mails import send_alert_mails
from impact.moderation.alert_rules import change_rule, close_alert
from impact.moderation.alerting import Spot, clusters, raise_alerts, raise_due_alerts
from impact.moderation.models import Alert, AlertMail, AlertRule
from tests.builders import NOW, make_incident

WGS84 = Geod(ellps="WGS84")


def spot(longitude: float, latitude: float, day: int = 1) -> Spot:
    return Spot(uuid4(), longitude, latitude, date(2026, 11, day), "CD")


def happen(count: int, *, longitude: float = 20.8, days_ago: int = 3, **fields: Any) -> list[Incident]:
    at = NOW - timedelta(days=days_ago)
    return [
        make_incident(
            longitude=longitude,
            received_at=at,
            occurred_from=at.date(),
            occurred_to=at.date(),
            **fields,
        )
        for _ in range(count)
    ]


@pytest.fixture
def rule(db: None) -> AlertRule:
    return AlertRule.objects.create(theme="violence", least=3, radius_km=10, window_days=30)


@pytest.fixture
def posted(settings: Settings, moderator: User) -> User:
    settings.EMAIL_IS_ON = True
    moderator.email = "moderator@a.example"
    moderator.save()
    return moderator


def test_a_circle_is_geodesic_and_its_edge_counts() -> None:
    inside = WGS84.fwd(20.0, -6.0, 45, 9_999.9)[:2]
    outside = WGS84.fwd(20.0, -6.0, 225, 10_000.1)[:2]
    assert clusters([spot(20.0, -6.0), spot(*inside)], least=2, radius_km=10)
    assert not clusters([spot(20.0, -6.0), spot(*outside)], least=2, radius_km=10)
    assert clusters([spot(179.99, 0.0), spot(-179.99, 0.0)], least=2, radius_km=10)


def test_circles_that_share_an_incident_are_one_cluster() -> None:
    chain = [spot(20.0 + step * 0.05, 0.0, step + 1) for step in range(6)]
    far = [spot(25.0, 0.0, 9) for _ in range(3)]
    found = clusters([*far, *reversed(chain)], least=3, radius_km=10)
    assert [len(cluster) for cluster in found] == [6, 3]
    assert found[0][0] == chain[0]


@pytest.mark.usefixtures("rule")
def test_three_near_each_other_raise_one_alert_for_ever() -> None:
    cases = happen(3)
    assert raise_due_alerts(NOW) == 1
    alert = Alert.objects.get()
    assert set(alert.incidents.all()) == set(cases)
    assert alert.country == "CD"
    assert raise_due_alerts(NOW + timedelta(minutes=2)) == 0
    assert raise_due_alerts(NOW + timedelta(minutes=2)) == 0
    assert Alert.objects.count() == 1


def test_what_does_not_count_raises_none(rule: AlertRule) -> None:
    happen(2)
    happen(1, triage="duplicate")
    happen(1, verification="not_substantiated")
    happen(1, harms=("water_pollution",))
    happen(1, days_ago=40)
    happen(1, longitude=21.0)
    assert raise_alerts(rule, NOW) == 0
    happen(1, harms=("chemicals", "threats"))
    assert raise_alerts(rule, NOW) == 1


def test_an_open_alert_grows_and_one_that_was_seen_to_needs_as_many_again(
    rule: AlertRule, moderator: User
) -> None:
    happen(3)
    raise_alerts(rule, NOW)
    alert = Alert.objects.get()
    happen(1)
    assert raise_alerts(rule, NOW + timedelta(hours=1)) == 0
    assert alert.incidents.count() == 4
    assert close_alert(alert, moderator=moderator)
    assert not close_alert(alert, moderator=moderator)
    happen(2)
    assert raise_alerts(rule, NOW) == 0
    happen(1)
    assert raise_alerts(rule, NOW) == 1


def test_a_crash_leaves_all_of_an_alert_or_nothing(
    rule: AlertRule, posted: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(3)

    def die(*_: Any, **__: Any) -> None:
        raise DatabaseError("the power went")

    with monkeypatch.context() as crash:
        crash.setattr(AlertMail.objects.__class__, "bulk_create", die)
        with pytest.raises(DatabaseError):
            raise_alerts(rule, NOW)
    assert not Alert.objects.exists()
    assert raise_alerts(rule, NOW) == 1
    assert AlertMail.objects.count() == 1


def test_a_letter_leaves_once_and_tells_nothing_of_the_reports(rule: AlertRule, posted: User) -> None:
    cases = happen(3, text="Zephyrine of the third house saw it", place_name="Kamonia")
    raise_alerts(rule, NOW)
    assert send_alert_mails(NOW) == 1
    assert send_alert_mails(NOW) == 0
    (letter,) = mail.outbox
    assert letter.to == ["moderator@a.example"]
    text = f"{letter.subject}\n{letter.body}"
    assert "Democratic Republic of the Congo" in text
    assert "3 or more incidents within 10 km in 30 days: Violence" in text
    for secret in ("Zephyrine", "Kamonia", "20.8", cases[0].reference, str(cases[0].pk)):
        assert secret not in text


def test_a_letter_that_was_claimed_before_a_crash_is_not_sent_again(rule: AlertRule, posted: User) -> None:
    happen(3)
    raise_alerts(rule, NOW)
    AlertMail.objects.update(state=AlertMail.State.SENDING)
    assert send_alert_mails(NOW + timedelta(days=1)) == 0
    assert mail.outbox == []


def test_what_the_server_refuses_is_tried_again_and_given_up_at_last(
    rule: AlertRule, posted: User, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    happen(3)
    raise_alerts(rule, NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    at: datetime = NOW
    for _ in range(6):
        assert send_alert_mails(at) == 0
        at += timedelta(days=1)
    assert AlertMail.objects.get().state == AlertMail.State.FAILED
    assert "moderator@a.example" not in caplog.text


def test_without_mail_no_letter_waits(rule: AlertRule, moderator: User) -> None:
    happen(3)
    raise_alerts(rule, NOW)
    assert not AlertMail.objects.exists()


def test_a_rule_that_was_changed_meanwhile_raises_nothing_with_its_old_terms(
    rule: AlertRule, moderator: User
) -> None:
    happen(3)
    change_rule(rule=rule, terms={"least": 4}, moderator=moderator)
    assert raise_alerts(rule, NOW) == 0
    assert not Alert.objects.exists()


def test_a_letter_says_what_the_rule_said_when_it_was_met(
    rule: AlertRule, posted: User, mailoutbox: list[mail.EmailMessage]
) -> None:
    happen(3)
    raise_alerts(rule, NOW)
    change_rule(rule=rule, terms={"least": 9}, moderator=posted)
    send_alert_mails(NOW)
    assert "3 or more" in mailoutbox[0].body
    assert "9 or more" not in mailoutbox[0].body
