"""Administrators at work: invitations, roles, closed accounts; and what they cannot do."""

import io
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from impact.accounts.models import IntakeRoute, Membership, Organisation, Role, User, default_organisation
from impact.ledger.models import Content, Entry, Kind
from tests.accounts.signing_in import give_app, is_signed_in, sign_in
from tests.builders import make_moderator, make_organisation, make_user

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "three lamps on the river"


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def invite(office: Client, **changes: object) -> str:
    """Returns the page that came back."""
    form = {
        "name": "Aline",
        "username": "aline",
        "role": "moderator",
        "organisation": default_organisation().pk,
        "countries": "cd, AO",
        **changes,
    }
    return office.post(reverse("people:people"), form).content.decode()


def link_in(page: str) -> str:
    found = re.search(r"http://testserver(/accounts/invitation/[^<\s]+)", page)
    assert found
    return found.group(1)


def test_an_invitation_is_a_link_that_is_shown_once_and_works_once(office: Client) -> None:
    link = link_in(invite(office))
    guest = Client()
    assert "aline" in guest.get(link).content.decode()
    short = guest.post(link, {"password": "short", "again": "short"})
    assert "at least 12 characters" in short.content.decode()
    assert guest.post(link, {"password": NEW_PASSWORD, "again": NEW_PASSWORD}).status_code == 302
    assert guest.get(link).status_code == 404
    aline = User.objects.get(username="aline")
    assert aline.standings[0].countries == ("CD", "AO")
    sign_in(guest, aline, NEW_PASSWORD)
    assert is_signed_in(guest)
    assert link not in office.get(reverse("people:person", args=[aline.pk])).content.decode()


def test_a_desk_that_was_left_open_makes_no_account_and_sends_no_reports_elsewhere(
    office: Client, administrator: User, settings: Settings
) -> None:
    settings.REAUTHENTICATE_MINUTES = 10
    give_app(administrator)
    session = office.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600}]
    session.save()
    invited = office.post(
        reverse("people:people"),
        {"name": "A", "username": "aline", "role": "senior", "organisation": default_organisation().pk},
    )
    partner, route = (
        make_organisation(),
        IntakeRoute.objects.create(country="CD", channel="", organisation=default_organisation()),
    )
    address = reverse("people:organisations")
    sent = [
        office.post(address, {"do": "route", "country": "", "channel": "", "organisation": partner.pk}),
        office.post(address, {"do": "unroute", "route": route.pk}),
        office.post(address, {"do": "add", "name": "Another"}),
    ]
    for answer in (invited, *sent):
        assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not User.objects.filter(username="aline").exists()
    assert list(IntakeRoute.objects.all()) == [route]
    assert Organisation.objects.count() == 2


def test_a_row_that_is_no_number_is_not_there(office: Client) -> None:
    for row in ("²", "9" * 5000, "-1", ""):
        sent = office.post(reverse("people:organisations"), {"do": "unroute", "route": row})
        assert sent.status_code == 404


def test_each_change_of_people_is_in_the_log(office: Client, moderator: User) -> None:
    address = reverse("people:person", args=[moderator.pk])
    theirs = Client()
    sign_in(theirs, moderator)
    organisation = default_organisation().pk
    office.post(address, {"do": "give", "role": "senior", "organisation": organisation, "countries": ""})
    assert Membership.objects.filter(user=moderator, role=Role.SENIOR_MODERATOR).exists()
    assert theirs.get("/moderate/").status_code == 302  # signed out: what they may do has changed
    membership = moderator.memberships.get(role=Role.MODERATOR)
    office.post(address, {"do": "take", "membership": membership.pk})
    office.post(address, {"do": "close"})
    moderator.refresh_from_db()
    assert not moderator.is_active
    office.post(address, {"do": "open"})
    rows = Entry.objects.filter(kind=Kind.ROLE)
    said = [Content.objects.get(pk=row.pk).details["what"] for row in rows]
    assert said == ["role given", "role taken", "account closed", "account opened"]
    assert {row.subject for row in rows} == {f"user {moderator.pk}"}


def test_whoever_lost_everything_starts_again(office: Client, moderator: User) -> None:
    give_app(moderator)
    page = office.post(reverse("people:person", args=[moderator.pk]), {"do": "reset"}).content.decode()
    assert not Authenticator.objects.exists()
    guest = Client()
    sign_in(guest, moderator)
    assert not is_signed_in(guest)
    assert guest.get(link_in(page)).status_code == 200


def test_nobody_changes_themselves(office: Client, administrator: User) -> None:
    address = reverse("people:person", args=[administrator.pk])
    organisation = default_organisation().pk
    office.post(address, {"do": "give", "role": "senior", "organisation": organisation, "countries": ""})
    office.post(address, {"do": "close"})
    administrator.refresh_from_db()
    assert administrator.is_active
    assert [membership.role for membership in administrator.memberships.all()] == [Role.ADMINISTRATOR]


def test_administrators_of_one_organisation_look_after_it_alone(client: Client, moderator: User) -> None:
    other = make_organisation()
    theirs = make_moderator("theirs", organisation=other)
    client.force_login(make_user(Role.ADMINISTRATOR, "local", organisation=other))
    page = client.get(reverse("people:people")).content.decode()
    assert "theirs" in page
    assert moderator.username not in re.findall(r'class="small">([^<]*)<', page)
    assert client.get(reverse("people:person", args=[moderator.pk])).status_code == 404
    assert client.get(reverse("people:organisations")).status_code == 404
    refused = invite(client, organisation=default_organisation().pk)
    assert "/accounts/invitation/" not in refused
    Membership.objects.create(user=theirs, organisation=default_organisation(), role=Role.ADVOCATE)
    client.post(reverse("people:person", args=[theirs.pk]), {"do": "close"})
    theirs.refresh_from_db()
    assert theirs.is_active


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("countries", "CD, XX", "No such country: XX"),
        ("username", "moderator", "There is somebody of this name already."),
        ("username", "two words", "Enter a valid value"),
    ],
)
def test_a_bad_invitation_says_what_is_wrong(
    office: Client, moderator: User, field: str, value: str, said: str
) -> None:
    page = invite(office, **{field: value})
    assert said in page
    assert 'value="Aline"' in page


def test_routes_are_set_and_taken_back(office: Client) -> None:
    address = reverse("people:organisations")
    office.post(address, {"do": "add", "name": "Partners of the Kasai"})
    partners = Organisation.objects.get(is_default=False)
    office.post(address, {"do": "route", "country": "CD", "channel": "", "organisation": partners.pk})
    route = IntakeRoute.objects.get()
    assert (route.country, route.channel, route.organisation) == ("CD", "", partners)
    office.post(address, {"do": "unroute", "route": route.pk})
    assert not IntakeRoute.objects.exists()
    assert Entry.objects.filter(kind=Kind.SETTING).count() == 3
    again = office.post(address, {"do": "add", "name": "Partners of the Kasai"})
    assert "There is an organisation of this name already." in again.content.decode()


def test_the_first_administrator_comes_by_command() -> None:
    out = io.StringIO()
    call_command("create_staff", "grace", "--name", "Grace", stdout=out, stderr=io.StringIO())
    grace = User.objects.get(username="grace")
    assert grace.role == Role.ADMINISTRATOR
    assert Client().get(out.getvalue().strip().removeprefix("http://testserver")).status_code == 200
    with pytest.raises(CommandError, match="--again"):
        call_command("create_staff", "grace", stdout=io.StringIO(), stderr=io.StringIO())
    give_app(grace)
    call_command("create_staff", "grace", "--again", stdout=io.StringIO(), stderr=io.StringIO())
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(kind=Kind.ROLE).count() == 2
