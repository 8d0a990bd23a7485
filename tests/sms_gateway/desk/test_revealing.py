"""Seeing a number: who may, what it takes, what stays behind."""

import time

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from impact.accounts.models import Membership, Notice, Role, User, default_organisation
from impact.accounts.second_factor import ENROLLED
from impact.incidents.models import Incident
from impact.ledger.models import Content, Entry, Kind
from sms_gateway.contacts import contact_behind
from sms_gateway.models import Contact
from tests.accounts.signing_in import give_app
from tests.builders import make_incident, make_organisation, make_senior, make_user

pytestmark = pytest.mark.django_db

NUMBER = "+243810000123"
REASON = "The clinic needs to reach her today."


@pytest.fixture
def case(settings: Settings) -> Incident:
    settings.REQUIRE_MFA = True
    settings.REAUTHENTICATE_MINUTES = 10
    incident = make_incident()
    incident.reports.update(reporter=contact_behind(NUMBER).reporter)
    return incident


def enter(user: User, *, minutes_ago: int = 0) -> Client:
    """Somebody who proved who they are so many minutes ago."""
    give_app(user)
    client = Client()
    client.force_login(user)
    session = client.session
    session[ENROLLED] = int(time.time()) - minutes_ago * 60
    session.save()
    return client


def post(client: Client, case: Incident, reason: str = REASON) -> tuple[int, str]:
    contact = contact_behind(NUMBER).pk
    answer = client.post(reverse("reveal_contact", args=[case.pk]), {"contact": contact, "reason": reason})
    return answer.status_code, answer.content.decode()


def test_a_number_is_shown_once_logged_and_told_to_others(
    case: Incident, senior: User, second_senior: User, administrator: User, mailoutbox: list[object]
) -> None:
    client = enter(senior)
    page = client.get(reverse("reveal_contact", args=[case.pk])).content.decode()
    assert NUMBER not in page
    status, page = post(client, case)
    assert status == 200
    assert NUMBER in page
    assert NUMBER not in client.get(reverse("reveal_contact", args=[case.pk])).content.decode()
    entry = Entry.objects.get(kind=Kind.REVEAL)
    assert (entry.actor, entry.subject) == (senior, case.reference)
    assert Content.objects.get(pk=entry.pk).details["reason"] == REASON
    told = {notice.recipient for notice in Notice.objects.all()}
    assert told == {second_senior, administrator}
    other = enter(second_senior)
    assert case.reference in other.get("/moderate/").content.decode()
    other.post(reverse("accounts:notices_read"))
    assert "You are told" not in other.get("/moderate/").content.decode()


def test_those_of_the_organisation_are_told_and_no_others_as_long_as_there_are_any(
    case: Incident, senior: User, second_senior: User
) -> None:
    partner = make_organisation()
    theirs = make_senior("theirs", organisation=partner)
    make_user(Role.MONITOR_COORDINATOR, "guest")
    Membership.objects.create(user=theirs, role=Role.MONITOR_COORDINATOR, organisation=default_organisation())
    post(enter(senior), case)
    assert {notice.recipient for notice in Notice.objects.all()} == {second_senior}
    Notice.objects.all().delete()
    # An organisation's only senior is seen by those who answer for the coalition.
    Incident.objects.filter(pk=case.pk).update(organisation=partner)
    post(enter(theirs), case)
    assert {notice.recipient for notice in Notice.objects.all()} == {senior, second_senior}


def test_it_takes_a_reason(case: Incident, senior: User) -> None:
    status, page = post(enter(senior), case, "short")
    assert status == 422
    assert NUMBER not in page
    assert not Entry.objects.filter(kind=Kind.REVEAL).exists()


def test_it_takes_a_fresh_second_factor(case: Incident, senior: User) -> None:
    client = enter(senior, minutes_ago=11)
    answer = client.get(reverse("reveal_contact", args=[case.pk]))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert post(client, case)[0] == 302
    assert not Entry.objects.filter(kind=Kind.REVEAL).exists()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADVOCATE, Role.ADMINISTRATOR, Role.AUDITOR])
def test_no_other_role_sees_it(case: Incident, role: Role) -> None:
    assert post(enter(make_user(role, "somebody")), case)[0] == 403


def test_a_case_of_others_and_a_contact_of_another_case_are_not_there(case: Incident, senior: User) -> None:
    outsider = make_senior("outsider", organisation=make_organisation())
    assert post(enter(outsider), case)[0] == 404
    other = make_incident()
    assert post(enter(senior), other)[0] == 422
    assert not Entry.objects.filter(kind=Kind.REVEAL).exists()


def test_to_share_a_case_is_not_to_share_the_number(case: Incident) -> None:
    Incident.objects.filter(pk=case.pk).update(shared_at=timezone.now())
    partner = make_organisation()
    for outsider in (
        make_senior("outsider", organisation=partner),
        make_user(Role.MONITOR_COORDINATOR, "coordinator", organisation=partner),
    ):
        client = enter(outsider)
        assert client.get(reverse("desk:case", args=[case.pk])).status_code == 200
        assert "reporter’s number" not in client.get(reverse("desk:case", args=[case.pk])).content.decode()
        assert post(client, case)[0] == 403
    assert not Entry.objects.filter(kind=Kind.REVEAL).exists()


def test_the_role_counts_where_it_is_held(case: Incident) -> None:
    # A moderator here, who is a coordinator of partners and may see numbers there.
    person = make_user(Role.MODERATOR, "both")
    partner = make_organisation()
    Membership.objects.create(user=person, organisation=partner, role=Role.MONITOR_COORDINATOR)
    client = enter(person)
    assert post(client, case)[0] == 403
    Incident.objects.filter(pk=case.pk).update(organisation=partner)
    assert post(client, case)[0] == 200


def test_a_number_that_was_erased_is_said_to_be(case: Incident, senior: User) -> None:
    contact = contact_behind(NUMBER)
    Contact.objects.update(number_sealed="", number_digest=None, erased_at=timezone.now())
    answer = enter(senior).post(
        reverse("reveal_contact", args=[case.pk]), {"contact": contact.pk, "reason": REASON}
    )
    assert answer.status_code == 422
    assert "The number was erased" in answer.content.decode()
    assert not Entry.objects.filter(kind=Kind.REVEAL).exists()
