import pytest
from django.contrib.auth.models import AnonymousUser

from impact.accounts.models import Membership, Role, User
from impact.accounts.permissions import CAPABILITIES, can
from tests.builders import make_organisation, make_user

pytestmark = pytest.mark.django_db

# What each role may do, written out once more: a slip in the file has to be made twice.
MAY = {
    Role.MONITOR_COORDINATOR: {"see_cases", "reveal_contact", "export"},
    Role.MODERATOR: {"see_cases", "moderate", "export"},
    Role.SENIOR_MODERATOR: {"see_cases", "moderate", "senior", "reveal_contact", "export"},
    Role.ADVOCATE: {"export"},
    Role.ADMINISTRATOR: {"administer"},
    Role.AUDITOR: {"read_log"},
}


@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_is_written_and_nothing_else(role: Role) -> None:
    person = make_user(role, "somebody")
    assert {capability for capability in CAPABILITIES if can(person, capability)} == MAY[role]


def test_nobody_and_the_inactive_may_nothing(moderator: User) -> None:
    moderator.is_active = False
    for person in (AnonymousUser(), moderator, User(username="new")):
        if isinstance(person, User) and person.pk is None:
            person.save()
        assert not any(can(person, capability) for capability in CAPABILITIES)


def test_being_superuser_gives_no_case_and_no_number(db: None) -> None:
    person = User.objects.create_superuser("root", password="a password of the suite")
    assert not any(can(person, capability) for capability in CAPABILITIES)


def test_roles_in_several_organisations_add_up(moderator: User) -> None:
    Membership.objects.create(user=moderator, organisation=make_organisation(), role=Role.AUDITOR)
    person = User.objects.get(pk=moderator.pk)
    assert can(person, "moderate")
    assert can(person, "read_log")
    assert person.role == Role.MODERATOR
    assert person.get_role_display() == "Moderator"
