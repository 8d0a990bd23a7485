"""Who reaches which case: by organisation, by country, by what is sensitive, by what was shared."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from impact.accounts.models import Membership, Role, User, default_organisation
from impact.moderation.access import (
    can_decide_case,
    can_see_case,
    decidable_incidents,
    get_decidable_incident,
    get_visible_incident,
    visible_incidents,
)
from tests.builders import NOW, make_incident, make_moderator, make_organisation, make_senior, make_user

pytestmark = pytest.mark.django_db


def test_a_case_belongs_to_its_organisation(moderator: User) -> None:
    other = make_organisation()
    outsider = make_moderator("outsider", organisation=other)
    ours, theirs = make_incident(organisation=default_organisation()), make_incident(organisation=other)
    nobodys = make_incident(organisation=None)
    assert set(visible_incidents(moderator)) == {ours, nobodys}
    assert set(visible_incidents(outsider)) == {theirs}


def test_a_region_bounds_what_is_seen_and_a_case_without_a_place_is_seen_by_all() -> None:
    person = make_moderator("regional", countries=("CD", "AO"))
    congo, zimbabwe = make_incident(country="CD"), make_incident(country="ZW")
    unplaced = make_incident(country="", longitude=None)
    assert set(visible_incidents(person)) == {congo, unplaced}
    assert not can_see_case(person, zimbabwe)


@pytest.mark.parametrize(
    "fields", [{"harms": ("injury", "sexual_violence")}, {"has_identifiable_children": True}]
)
def test_only_seniors_see_what_is_sensitive(moderator: User, senior: User, fields: dict[str, object]) -> None:
    case = make_incident(**fields)  # type: ignore[arg-type]
    assert not can_see_case(moderator, case)
    assert can_see_case(senior, case)
    assert can_decide_case(senior, case)


def test_a_senior_elsewhere_is_no_senior_here() -> None:
    here, there = default_organisation(), make_organisation()
    person = make_senior("both", organisation=there)
    Membership.objects.create(user=person, organisation=here, role=Role.MODERATOR)
    ours = make_incident(organisation=here, harms=("sexual_violence",))
    theirs = make_incident(organisation=there, harms=("sexual_violence",))
    assert set(visible_incidents(person)) == {theirs}
    assert ours not in decidable_incidents(person)


def test_what_another_organisation_shared_is_read_and_not_decided() -> None:
    outsider = make_moderator("outsider", organisation=make_organisation())
    shared = make_incident(organisation=default_organisation(), shared_at=NOW)
    hidden = make_incident(organisation=default_organisation(), shared_at=NOW, harms=("sexual_violence",))
    assert set(visible_incidents(outsider)) == {shared}
    assert get_visible_incident(outsider, shared.reference) == shared
    with pytest.raises(PermissionDenied):
        get_decidable_incident(outsider, shared.pk)
    with pytest.raises(Http404):
        get_decidable_incident(outsider, hidden.pk)


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.ADMINISTRATOR, Role.AUDITOR])
def test_no_other_role_reaches_a_case(role: Role) -> None:
    case = make_incident(shared_at=NOW)
    person = make_user(role, "somebody")
    assert not can_see_case(person, case)


def test_a_coordinator_reads_and_does_not_decide() -> None:
    case = make_incident()
    person = make_user(Role.MONITOR_COORDINATOR, "coordinator")
    assert can_see_case(person, case)
    assert not can_decide_case(person, case)


def test_who_is_no_longer_active_sees_nothing(moderator: User) -> None:
    moderator.is_active = False
    assert not can_see_case(moderator, make_incident())


def test_a_case_that_is_not_there_and_one_that_is_anothers_look_the_same(moderator: User) -> None:
    hidden = make_incident(organisation=make_organisation())
    for key in (hidden.pk, hidden.reference, uuid4(), "HL-NONE"):
        with pytest.raises(Http404):
            get_visible_incident(moderator, key)
