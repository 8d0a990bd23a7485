"""Every address, every role, one's own organisation and another's: each cell is what matrix.py says."""

import time
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django.fixtures import Settings

from impact.accounts.models import Role, User, default_organisation
from impact.accounts.second_factor import ENROLLED
from impact.incidents.models import Incident
from tests.accounts.matrix import DOORS, WHILE_ENROLLING, WHILE_HALFWAY, Door, door_of
from tests.accounts.signing_in import give_app, sign_in
from tests.builders import make_moderator, make_organisation, make_user
from tests.web.test_every_address import Stage, named_addresses, stage

pytestmark = pytest.mark.django_db

__all__ = ["stage"]

OPEN, SIGN_IN, FORBIDDEN, ABSENT = "open", "asked to sign in", "forbidden", "not there"
HOW_TO = """\
{name} has no line in tests/accounts/matrix.py. Add one to DOORS that says who may open it, such as
    "{name}": CASES,   (or PUBLIC, CASE, DECIDE, SENIOR, EXPORT, ADMINISTER, READ_LOG, STAFF)
and its example arguments to tests/web/test_every_address.py."""


@dataclass(frozen=True)
class Person:
    """One column: a role in one's own organisation or in another; or somebody who is not wholly signed in."""

    name: str
    role: Role | None = None
    is_outsider: bool = False


PEOPLE = [
    Person("a visitor"),
    Person("after the password, before the code"),
    Person("without a second factor"),
    *(Person(f"{role}", role) for role in Role),
    *(Person(f"{role} of another organisation", role, is_outsider=True) for role in Role),
]


def test_every_address_has_a_door() -> None:
    missing = [name for name in named_addresses(get_resolver()) if door_of(name) is None]
    assert not missing, "\n".join(HOW_TO.format(name=name) for name in missing)


def test_no_door_leads_nowhere() -> None:
    names = set(named_addresses(get_resolver()))
    heads = {name.split(":", 1)[0] for name in names}
    assert [name for name in DOORS if name not in names and name.removesuffix(":*") not in heads] == []


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_each_cell_is_as_declared(person: Person, stage: Stage, settings: Settings) -> None:
    settings.REQUIRE_MFA = True
    Incident.objects.update(organisation=default_organisation())
    client, user = Client(), _user(person)
    wrong = {}
    for name, address in stage.addresses.items():
        door = door_of(name)
        if door is None:  # test_every_address_has_a_door says so
            continue
        _enter(client, person, user)
        answer = client.generic(door.method, address, "", "application/x-www-form-urlencoded")
        found = _outcome(answer.status_code, answer.get("Location", ""))
        if found not in _expected(name, door, person):
            wrong[name] = f"{found} ({answer.status_code}), expected {_expected(name, door, person)}"
    assert wrong == {}


def _user(person: Person) -> User | None:
    if person.role is not None:
        organisation = make_organisation() if person.is_outsider else default_organisation()
        return make_user(person.role, "somebody", organisation=organisation)
    if person.name == "a visitor":
        return None
    return make_moderator("somebody")


def _enter(client: Client, person: Person, user: User | None) -> None:
    """Stand at the door as this person does; some addresses end the session that opens them."""
    if user is None or "_auth_user_id" in client.session or "account_login" in client.session:
        return
    if person.name == "after the password, before the code":
        if not user.authenticator_set.exists():  # type: ignore[attr-defined]
            give_app(user)
        sign_in(client, user)
        return
    client.force_login(user)
    if person.role is not None:
        session = client.session
        session[ENROLLED] = int(time.time())
        session.save()


def _outcome(status: int, location: str) -> str:
    if status == 302 and (
        location.startswith(reverse("accounts:sign_in")) or location == reverse("mfa_index")
    ):
        return SIGN_IN
    return {403: FORBIDDEN, 404: ABSENT}.get(status, OPEN)


def _expected(name: str, door: Door, person: Person) -> set[str]:
    if door.opens_for is None:
        return {OPEN, ABSENT}  # what the world may open and is not there is no secret
    if person.role is None:
        if person.name == "after the password, before the code" and name in WHILE_HALFWAY:
            return {OPEN}
        is_enrolling = person.name == "without a second factor" and name in WHILE_ENROLLING
        return {OPEN} if is_enrolling else {SIGN_IN}
    if person.role not in door.opens_for:
        return {FORBIDDEN}
    if person.role in door.absent_for or (door.is_case and person.is_outsider):
        return {ABSENT}
    return {OPEN}
