import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from impact.accounts.models import IntakeRoute, User
from impact.incidents.models import Report
from impact.ledger.models import Content, Entry, Kind
from sms_gateway.models import Contact, InboundMessage
from sms_gateway.receiving import finish_received, receive_message
from tests.builders import make_moderator, make_organisation
from tests.sms_gateway.telephones import WITNESS, make_sms

pytestmark = pytest.mark.django_db

State = InboundMessage.State
PAGE = "/moderate/gateways/"


@pytest.fixture
def flood(settings: Settings) -> Contact:
    settings.FLOOD_LIMITS = {"number": (1, 600), "block": (0, 600), "line": (0, 600)}
    for n in range(4):
        receive_message(make_sms(f"Soldiers shot {n + 2} men at Tshikapa"))
    return Contact.objects.get()


def post(user: User, contact: Contact, action: str, **fields: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.post(reverse("gateways:review", args=[contact.pk, action]), fields, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_shows_what_is_held_and_no_number(flood: Contact, moderator: User) -> None:
    client = Client()
    client.force_login(moderator)
    page = client.get(PAGE).content.decode()
    assert "3 messages" in page
    assert f"{flood.reporter.pseudonym}, Democratic Republic of the Congo" in page
    assert "Soldiers shot 5 men" in page
    assert WITNESS.removeprefix("+243") not in page


def test_a_moderator_lets_them_in_and_a_worker_makes_reports(flood: Contact, moderator: User) -> None:
    assert "3 messages go on their way" in post(moderator, flood, "release")
    assert finish_received() == 3
    assert not InboundMessage.objects.exclude(state=State.DONE).exists()
    assert InboundMessage.objects.filter(reviewed_by=moderator).count() == 3


def test_a_moderator_discards_them_with_a_reason_and_they_stay_on_file(
    flood: Contact, moderator: User
) -> None:
    assert "Say why" in post(moderator, flood, "discard", reason="  ")
    assert InboundMessage.objects.filter(state=State.HELD).count() == 3
    assert "3 messages are discarded and on file" in post(
        moderator, flood, "discard", reason="an advertisement"
    )
    discarded = InboundMessage.objects.filter(state=State.DISCARDED, review_reason="an advertisement")
    assert discarded.count() == 3
    assert Report.objects.count() == 1


def test_nobody_else_reviews(flood: Contact, advocate: User) -> None:
    client = Client()
    address = reverse("gateways:review", args=[flood.pk, "discard"])
    assert client.post(address, {"reason": "x"}).status_code == 302
    client.force_login(advocate)
    assert client.post(address, {"reason": "x"}).status_code == 403
    assert InboundMessage.objects.filter(state=State.HELD).count() == 3


def test_what_is_held_is_reviewed_where_its_case_would_be_decided(flood: Contact, moderator: User) -> None:
    partner = make_organisation()
    outsider = make_moderator("outsider", organisation=partner)
    elsewhere = make_moderator("elsewhere", countries=("SL",))
    for other in (outsider, elsewhere):
        client = Client()
        client.force_login(other)
        assert "Soldiers shot" not in client.get(PAGE).content.decode()
        post(other, flood, "discard", reason="nothing for us")
        post(other, flood, "release")
    assert InboundMessage.objects.filter(state=State.HELD).count() == 3
    IntakeRoute.objects.create(organisation=partner, country=flood.country, channel="")
    post(moderator, flood, "release")
    assert InboundMessage.objects.filter(state=State.HELD).count() == 3
    post(outsider, flood, "release")
    assert not InboundMessage.objects.filter(state=State.HELD).exists()


def test_an_action_that_is_none_is_not_found(flood: Contact, moderator: User) -> None:
    client = Client()
    client.force_login(moderator)
    assert client.post(reverse("gateways:review", args=[flood.pk, "burn"])).status_code == 404


def test_both_are_written_into_the_log_with_who_and_why_and_no_words(flood: Contact, moderator: User) -> None:
    post(moderator, flood, "release")
    post(moderator, flood, "release")  # nothing is held any more
    InboundMessage.objects.filter(reviewed_by=moderator).update(state=State.HELD)
    post(moderator, flood, "discard", reason="an advertisement")
    entries = Entry.objects.filter(kind=Kind.REVIEW).order_by("sequence")
    assert [(entry.actor_id, entry.subject) for entry in entries] == [
        (moderator.pk, flood.reporter.pseudonym)
    ] * 2
    assert [Content.objects.get(entry=entry).details for entry in entries] == [
        {"action": "let in", "messages": 3},
        {"action": "discarded", "messages": 3, "reason": "an advertisement"},
    ]


def test_the_desk_links_to_it(moderator: User) -> None:
    client = Client()
    client.force_login(moderator)
    assert f'href="{PAGE}"' in client.get(reverse("desk:queue")).content.decode()
