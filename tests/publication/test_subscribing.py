import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from impact.publication.models import AlertSubscription
from impact.publication.subscribing import MOST_A_ADDRESS, send_alerts, send_confirmations, subscribe
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db
ADDRESS = "reader@example.org"
LINK = re.compile(r"http://testserver(/alerts/\w+/[\w-]+/)")
NEXT_DAY = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # make_published becomes public on the 23rd


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_IS_ON = True


def links(number: int = 0) -> list[str]:
    return LINK.findall(str(mail.outbox[number].body))


def confirmed(client: Client, **scope: str) -> AlertSubscription:
    assert client.post("/alerts/", {"email": ADDRESS, **scope}).status_code == 200
    assert send_confirmations() == 1
    assert client.post(links(-1)[0]).status_code == 200
    subscription = AlertSubscription.objects.latest("created_at")
    AlertSubscription.objects.update(told_through=NEXT_DAY.date() - timedelta(days=2))
    return subscription


def test_alerts_are_asked_for_twice(client: Client) -> None:
    client.post("/alerts/", {"email": ADDRESS, "country": "CD"}, headers={"accept-language": "fr"})
    assert [send_confirmations(), send_confirmations()] == [1, 0]
    [asked] = mail.outbox
    assert asked.to == [ADDRESS]
    assert "voulez-vous" in asked.subject
    make_published()
    assert send_alerts(NEXT_DAY) == 0
    confirm_link, leave_link = links()
    assert client.get(confirm_link).status_code == 200
    assert AlertSubscription.objects.get().confirmed_at is None  # programs that look for viruses open links
    client.post(confirm_link)
    assert AlertSubscription.objects.get().confirmed_at is not None
    assert leave_link.startswith("/alerts/leave/")


def test_an_alert_is_a_number_and_a_link_at_most_once_a_day(client: Client) -> None:
    confirmed(client, country="CD")
    make_published(text="The words of an incident")
    make_published()
    make_published(country="AO")
    assert [send_alerts(NEXT_DAY), send_alerts(NEXT_DAY)] == [1, 0]
    told = mail.outbox[-1]
    assert told.subject == "Headlamp: 2 new incidents were published: Democratic Republic of the Congo"
    assert "words" not in told.body
    assert "?country=CD&lang=en" in told.body
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not told.attachments
    assert send_alerts(NEXT_DAY + timedelta(days=1)) == 0  # nothing new


def test_what_was_taken_back_meanwhile_is_not_told(client: Client) -> None:
    confirmed(client)
    make_published(retracted_on=NEXT_DAY.date())
    assert send_alerts(NEXT_DAY) == 0
    assert len(mail.outbox) == 1


def test_alerts_near_an_area(client: Client) -> None:
    area = make_area()
    confirmed(client, area=str(area.pk), country="AO")
    make_published()
    make_published(areas=((area, 2000.0),))
    assert send_alerts(NEXT_DAY) == 1
    assert mail.outbox[-1].subject == "Headlamp: 1 new incident was published: near Tshikapa pits"


@pytest.mark.parametrize("is_machine", [False, True])
def test_one_click_is_out_and_the_address_is_gone(is_machine: bool, client: Client) -> None:
    confirmed(client)
    way_out = links(-1)[-1]
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(way_out, {"List-Unsubscribe": "One-Click"}) if is_machine else strict.get(way_out)
    assert answer.status_code == 200
    assert not AlertSubscription.objects.exists()
    assert strict.get(way_out).status_code == 200
    assert client.get(links(-1)[0]).status_code == 404


def test_the_address_is_nowhere_in_the_clear(client: Client) -> None:
    confirmed(client)
    row = AlertSubscription.objects.values().get()
    assert ADDRESS not in str(row)
    assert links(-1)[0].split("/")[3] not in str(row)


def test_nobody_learns_who_is_subscribed_and_nobody_is_asked_twice(client: Client) -> None:
    first = client.post("/alerts/", {"email": ADDRESS})
    again = client.post("/alerts/", {"email": ADDRESS.upper()})
    assert first.status_code == again.status_code == 200
    assert re.sub(rb"nonce-\w+", b"", first.content) == re.sub(rb"nonce-\w+", b"", again.content)
    assert send_confirmations() == 1
    for number in range(MOST_A_ADDRESS + 5):
        assert subscribe(address=ADDRESS, area=make_area(f"Area {number}"), language="en")
    assert AlertSubscription.objects.count() == MOST_A_ADDRESS


def test_who_does_not_answer_is_forgotten() -> None:
    subscribe(address=ADDRESS, language="en")
    send_confirmations(timezone.now() + timedelta(days=8))
    assert not AlertSubscription.objects.exists()


def test_without_mail_the_page_says_so_and_nothing_is_sent(client: Client, settings: Settings) -> None:
    subscribe(address=ADDRESS, language="en")
    settings.EMAIL_IS_ON = False
    assert "sends no mail" in client.get("/alerts/").content.decode()
    assert send_confirmations() == 0
    assert mail.outbox == []


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"email": ADDRESS, "country": "XX"}, {"email": ADDRESS, "area": "9"}]
)
def test_a_wrong_field_is_named(wrong: dict[str, str], client: Client) -> None:
    answer = client.post("/alerts/", wrong)
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content
    assert not AlertSubscription.objects.exists()
