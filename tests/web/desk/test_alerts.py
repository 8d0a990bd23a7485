from datetime import timedelta

import pytest
from django.test import Client

from impact.accounts.models import User
from impact.ledger.models import Content, Entry
from impact.moderation.alerting import raise_alerts
from impact.moderation.models import Alert, AlertRule
from tests.builders import NOW, make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert() -> Alert:
    rule = AlertRule.objects.create(theme="violence", least=3, radius_km=10, window_days=30)
    for _ in range(3):
        make_incident(received_at=NOW - timedelta(days=2))
    raise_alerts(rule, NOW)
    return Alert.objects.get()


def test_the_queue_says_that_an_alert_waits(client: Client, moderator: User, alert: Alert) -> None:
    client.force_login(moderator)
    page = client.get("/moderate/").content.decode()
    assert "1 alert waits" in page
    assert "3 or more incidents within 10 km in 30 days" in page
    client.post(f"/moderate/alerts/{alert.pk}/close/")
    assert "alert waits" not in client.get("/moderate/").content.decode()
    alert.refresh_from_db()
    assert alert.closed_by == moderator


def test_it_shows_only_cases_that_the_reader_may_see(client: Client, moderator: User, alert: Alert) -> None:
    hidden = alert.incidents.all()[0]
    hidden.harms.update(harm="sexual_violence")
    client.force_login(moderator)
    page = client.get("/moderate/alerts/").content.decode()
    assert hidden.reference not in page
    assert all(case.reference in page for case in alert.incidents.exclude(pk=hidden.pk))
    for case in alert.incidents.all():
        case.harms.update(harm="sexual_violence")
    assert "No alert waits" in client.get("/moderate/alerts/").content.decode()
    assert client.post(f"/moderate/alerts/{alert.pk}/close/").status_code == 404


def test_a_moderator_adds_a_rule_and_switches_it_off(client: Client, moderator: User) -> None:
    client.force_login(moderator)
    fields = {"theme": "labour", "country": "AO", "least": "4", "radius_km": "25", "window_days": "90"}
    assert client.post("/moderate/alerts/", fields).status_code == 302
    rule = AlertRule.objects.get()
    assert (rule.theme, rule.country, rule.least, rule.made_by) == ("labour", "AO", 4, moderator)
    assert "4 or more incidents within 25 km in 90 days: Labour, Angola" in (
        client.get("/moderate/alerts/").content.decode()
    )
    for to, is_active in (("off", False), ("off", False), ("on", True)):
        client.post(f"/moderate/alerts/rules/{rule.pk}/", {"to": to})
        rule.refresh_from_db()
        assert rule.is_active is is_active
    told = Content.objects.filter(entry__kind="alert", entry__subject=f"alert rule {rule.pk}")
    assert [content.details["what"] for content in told.order_by("entry")] == [
        "rule added",
        "rule switched off",
        "rule switched on",
    ]


def test_a_rule_is_changed_and_its_alerts_say_what_it_said(
    client: Client, moderator: User, alert: Alert
) -> None:
    client.force_login(moderator)
    address = f"/moderate/alerts/rules/{alert.rule_id}/edit/"
    assert 'value="10"' in client.get(address).content.decode()
    fields = {"theme": "violence", "country": "", "least": "5", "radius_km": "40", "window_days": "30"}
    assert client.post(address, {**fields, "least": "1"}).status_code == 400
    assert client.post(address, fields).status_code == 302
    page = client.get("/moderate/alerts/").content.decode()
    assert page.count("3 or more incidents within 10 km in 30 days") == 1
    assert "5 or more incidents within 40 km in 30 days" in page
    content = Content.objects.get(entry__subject=f"alert rule {alert.rule_id}")
    assert content.details == {
        "what": "rule changed",
        "before": {"least": 3, "radius_km": 10},
        "after": {"least": 5, "radius_km": 40},
    }
    client.post(address, fields)
    assert Content.objects.filter(entry__kind="alert").count() == 1


def test_who_saw_to_an_alert_is_in_the_log_once(client: Client, moderator: User, alert: Alert) -> None:
    client.force_login(moderator)
    for _ in range(2):
        client.post(f"/moderate/alerts/{alert.pk}/close/")
    entry = Entry.objects.get(kind="alert")
    assert (entry.subject, entry.actor) == (f"alert {alert.pk}", moderator)


def test_a_rule_that_cannot_be_is_refused(client: Client, moderator: User) -> None:
    client.force_login(moderator)
    answer = client.post("/moderate/alerts/", {"least": "1", "radius_km": "0", "window_days": "x"})
    assert answer.status_code == 400
    assert not AlertRule.objects.exists()


def test_an_advocate_changes_no_rule(client: Client, advocate: User) -> None:
    client.force_login(advocate)
    rule = AlertRule.objects.create()
    assert client.post("/moderate/alerts/", {"least": "3"}).status_code == 403
    for address in (f"/moderate/alerts/rules/{rule.pk}/", f"/moderate/alerts/rules/{rule.pk}/edit/"):
        assert client.post(address, {"least": "4"}).status_code == 403
    assert not Entry.objects.filter(kind="alert").exists()
