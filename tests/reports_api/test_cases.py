"""Cases for programs: the facts of one's own organisation, and nothing that finds a witness."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from impact.accounts.models import Organisation, User, default_organisation
from impact.incidents.models import AreaLink, Incident
from reports_api.keys.making import make_key
from reports_api.models import Scope
from tests.builders import make_area, make_incident, make_organisation

pytestmark = pytest.mark.django_db

CASES = "/api/v1/moderation/cases/"
CANARY = "Zephyrine of the third house saw it"


def program_of(administrator: User, organisation: Organisation) -> Client:
    _key, token = make_key(by=administrator, organisation=organisation, name="ours", scopes=[Scope.CASES])
    return Client(headers={"authorization": f"Bearer {token}"})


@pytest.fixture
def program(administrator: User) -> Client:
    return program_of(administrator, default_organisation())


def references(program: Client, **query: Any) -> list[str]:
    return [case["reference"] for case in program.get(CASES, query).json()["results"]]


def test_it_tells_facts_and_never_words_places_or_people_who_report(program: Client) -> None:
    area = make_area()
    case = make_incident(
        text=CANARY,
        place_words=CANARY,
        place_name="Kamonia pit",
        public_text=CANARY,
        longitude=20.812345,
        latitude=-6.412345,
    )
    AreaLink.objects.create(
        incident=case, area=area, relation="near", distance_m=4321.5, uncertainty_m=2000.0, rank=0
    )
    answer = program.get(f"{CASES}{case.pk}/")
    record = answer.json()
    assert record["reference"] == case.reference
    assert (record["harms"], record["people"]) == (["killing"], {"killed": 2})
    assert record["areas"] == [{"id": area.pk, "name": area.name, "relation": "near", "is_confirmed": False}]
    assert answer.headers["Cache-Control"] == "no-store"
    report = case.reports.get()
    told = answer.content.decode() + program.get(CASES).content.decode()
    for secret in (
        CANARY,
        "Kamonia pit",
        "20.81",
        "6.41",
        "4321",
        "2000.0",
        str(report.pk),
        str(report.channel),
    ):
        assert secret not in told, secret


def test_only_the_cases_of_its_own_organisation(program: Client, administrator: User) -> None:
    others = make_organisation()
    own, theirs = make_incident(), make_incident(organisation=others)
    shared = make_incident(organisation=others, shared_at=timezone.now())
    assert references(program) == [own.reference]
    for case in (theirs, shared):
        assert program.get(f"{CASES}{case.pk}/").status_code == 404
    assert set(references(program_of(administrator, others))) == {theirs.reference, shared.reference}


@pytest.mark.parametrize(
    "fields", [{"harms": ("killing", "sexual_violence")}, {"has_identifiable_children": True}], ids=str
)
def test_what_only_seniors_see_is_not_there(fields: dict[str, Any], program: Client) -> None:
    case = make_incident(**fields)
    assert references(program) == []
    assert program.get(f"{CASES}{case.pk}/").status_code == 404


def test_it_is_filtered_by_state_and_by_day(program: Client) -> None:
    new, verified = make_incident(), make_incident(triage="triaged", verification="verified")
    assert references(program, state="new") == [new.reference]
    assert references(program, state="verified") == [verified.reference]
    assert references(program, state="public") == []
    Incident.objects.filter(pk=new.pk).update(updated_at=timezone.now() - timedelta(days=9))
    today = timezone.now().date()
    assert references(program, since=(today - timedelta(days=2)).isoformat()) == [verified.reference]
    assert len(references(program, since=(today - timedelta(days=20)).isoformat())) == 2
    assert len(references(program, limit=1)) == 1


@pytest.mark.parametrize("query", ["state=gone", "since=yesterday", "since=2026-13-01", "word=x", "limit=0"])
def test_a_filter_that_cannot_be_is_400_and_named(query: str, program: Client) -> None:
    answer = program.get(f"{CASES}?{query}")
    assert answer.status_code == 400
    assert [wrong["name"] for wrong in answer.json()["errors"]] == [query.partition("=")[0]]


def test_it_needs_its_scope(administrator: User) -> None:
    _key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    answer = Client().get(CASES, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_what_was_joined_with_another_is_told_once(program: Client) -> None:
    kept = make_incident()
    make_incident(merged_into=kept)
    assert references(program) == [kept.reference]
