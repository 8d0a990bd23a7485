"""The page of one piece of evidence: who is offered to blur it and to take the original."""

from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from impact.accounts.models import Role, User
from impact.incidents.custody import custody_of
from impact.incidents.models import Evidence
from tests.accounts.signing_in import give_app, sign_in_fully
from tests.builders import make_incident, make_picture, make_user, make_working_copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def piece() -> Evidence:
    kept = make_picture(make_incident())
    make_working_copy(kept)
    return kept


def forms(client: Client, piece: Evidence) -> list[bool]:
    page = client.get(reverse("desk:evidence", args=[piece.pk])).content.decode()
    addresses = (reverse(f"desk:evidence_{deed}", args=[piece.pk]) for deed in ("blur", "original"))
    return [f'action="{address}"' in page for address in addresses]


def test_a_moderator_of_the_case_may_blur_it_and_take_the_original(desk: Client, piece: Evidence) -> None:
    assert forms(desk, piece) == [True, True]


def test_the_original_takes_a_fresh_factor_and_leads_back_to_its_page(
    client: Client, moderator: User, piece: Evidence, settings: Settings
) -> None:
    settings.REAUTHENTICATE_MINUTES = 10
    give_app(moderator)
    sign_in_fully(client, moderator)
    address = reverse("desk:evidence_original", args=[piece.pk])
    assert not client.post(address).has_header("Location")
    before = len(custody_of(piece))
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 11 * 60
    session.save()
    answer = client.post(address)
    page = urlencode({"next": reverse("desk:evidence", args=[piece.pk])})
    assert answer.headers["Location"] == f"{reverse('mfa_reauthenticate')}?{page}"
    assert len(custody_of(piece)) == before


def test_who_only_reads_the_case_is_offered_neither(client: Client, piece: Evidence) -> None:
    client.force_login(make_user(Role.MONITOR_COORDINATOR, "pedro"))
    assert forms(client, piece) == [False, False]
    assert client.post(reverse("desk:evidence_original", args=[piece.pk])).status_code == 403
