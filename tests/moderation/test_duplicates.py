import json
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from impact.accounts.models import User
from impact.incidents.assessing import keep_in_step
from impact.incidents.models import Incident
from impact.moderation import duplicates
from impact.moderation.duplicates import Likely, compare_uncompared, likely_duplicates, tell_apart
from impact.moderation.likeness import SUGGESTED_FROM, CaseFacts, Reason, compare_cases
from impact.moderation.models import Likeness
from tests.builders import NOW, make_incident, make_place, take_in

pytestmark = pytest.mark.django_db
LABELLED = Path(__file__).parent / "same_events.jsonl"
TOWNS = {"kamako": (20.6, -5.97, "CD"), "bria": (21.99, 6.54, "CF"), "cafunfo": (18.06, -8.78, "AO")}


def suggested(incident: Incident) -> list[Incident]:
    return [Incident.objects.get(pk=likely.incident_id) for likely in likely_duplicates(incident)]


def test_one_event_told_in_three_languages_and_channels_is_found_with_the_reasons() -> None:
    make_place("Kamako", 20.6, -5.97)
    for number, (channel, text) in enumerate(
        (
            ("sms", "Soldats ont tiré hier soir à Kamako sur les creuseurs, 2 morts et 3 blessés"),
            ("web", "On Sunday night the army fired at diggers in Kamako. Two dead, three wounded"),
            ("api", "Jana usiku wanajeshi walipiga risasi wachimbaji huko Kamako, wawili wamekufa"),
        )
    ):
        take_in(text, channel=channel, received_at=NOW + timedelta(minutes=number))
    first, *others = Incident.objects.order_by("received_at")
    likely = likely_duplicates(first)
    assert {found.incident_id for found in likely} == {other.pk for other in others}
    assert {Reason.SAME_DAY, Reason.SAME_PLACE, Reason.SAME_HARM, Reason.SAME_PEOPLE} <= set(
        likely[0].reasons
    )


@pytest.mark.parametrize(
    "other",
    [
        {"longitude": 22.4, "latitude": -5.9},
        {"occurred_from": date(2026, 11, 9), "occurred_to": date(2026, 11, 9)},
        {"received_at": NOW - timedelta(days=60)},
        {"harms": ("water_pollution",), "people": {}, "perpetrator": "company", "text": "The river is red"},
    ],
)
def test_another_place_time_or_harm_is_another_event(other: dict[str, Any]) -> None:
    make_incident(**{"text": "They told us of it in other words", **other})
    assert suggested(make_incident()) == []


def test_distance_counts_beyond_what_is_uncertain() -> None:
    far = make_incident(longitude=21.05, uncertainty_m=2_000.0)
    case = make_incident(text="Des militaires ont tué deux creuseurs", uncertainty_m=2_000.0)
    before = next((likely.score for likely in likely_duplicates(case) if likely.incident_id == far.pk), 0.0)
    Incident.objects.filter(pk=far.pk).update(uncertainty_m=30_000.0)
    [after] = likely_duplicates(case)
    assert after.score > before + 2


def test_cases_without_a_place_are_compared_by_words_people_and_days() -> None:
    placeless = make_incident(longitude=None, latitude=None)
    assert suggested(make_incident()) == [placeless]
    assert len(suggested(placeless)) == 1


def test_merged_cases_and_spam_are_not_suggested() -> None:
    kept = make_incident(triage="spam")
    make_incident(merged_into=kept)
    assert suggested(make_incident()) == []


def test_what_was_told_apart_stays_apart(moderator: User) -> None:
    one, other = make_incident(), make_incident()
    assert suggested(one) == [other]
    tell_apart(other, one, moderator)
    assert suggested(one) == suggested(other) == []
    compare_uncompared()
    assert Likeness.objects.get().dismissed_by == moderator


def test_the_worker_keeps_what_is_likely_and_does_it_once() -> None:
    one, other = make_incident(), make_incident()
    assert compare_uncompared() == 2
    assert compare_uncompared() == 0
    pair = Likeness.objects.get()
    assert {pair.first, pair.second} == {one, other}
    assert pair.score >= SUGGESTED_FROM


def test_a_turn_of_the_worker_ends_though_there_is_more_to_compare() -> None:
    make_incident()
    make_incident()
    assert compare_uncompared(seconds=0.0) == 1
    assert compare_uncompared() == 1


@pytest.mark.django_db(transaction=True)
def test_cases_are_compared_while_others_may_write_and_again_when_they_change_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = make_incident()

    def compare(incident: Incident) -> list[Likely]:
        assert not connection.in_atomic_block
        with transaction.atomic():
            keep_in_step(Incident.objects.get(pk=incident.pk))
        return []

    with monkeypatch.context() as patch:
        patch.setattr(duplicates, "likely_duplicates", compare)
        assert compare_uncompared() == 0
    assert Incident.objects.get(pk=case.pk).compared_at is None
    assert compare_uncompared() == 1


def test_the_number_of_queries_does_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    case = make_incident()
    for _ in range(12):
        make_incident()
    with django_assert_max_num_queries(7):
        assert len(likely_duplicates(case)) == 8


def _same_reporter(**fields: Any) -> CaseFacts:
    return CaseFacts(received_on=NOW.date(), reporters=frozenset({7}), **fields)


def test_points_need_more_than_one_kind_of_evidence() -> None:
    nothing = CaseFacts(received_on=NOW.date())
    assert compare_cases(nothing, nothing).score < SUGGESTED_FROM
    assert compare_cases(_same_reporter(), _same_reporter()).score < SUGGESTED_FROM


def test_likeness_is_the_same_both_ways() -> None:
    one = CaseFacts(
        NOW.date(), ("killing",), "army", {"killed": {"low": 2, "high": 3}}, texts=("Two dead at Pit 14",)
    )
    other = CaseFacts(NOW.date(), ("killing", "injury"), texts=("Deux morts au puits 14",))
    assert compare_cases(one, other) == compare_cases(other, one)


def test_labelled_reports_of_three_towns_are_told_together_and_apart() -> None:
    """The small version of bench/duplicates.py: recall at least 0.9 at a precision of at least 0.5."""
    for name, (longitude, latitude, country) in TOWNS.items():
        make_place(name.title(), longitude, latitude, country)
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["event"].split("-")[0] in TOWNS]
    event_of = {}
    for row in rows:
        received_at = datetime.fromisoformat(row["received"]).replace(tzinfo=UTC)
        reference = take_in(row["text"], received_at=received_at, sender_country=row["country"]).reference
        event_of[Incident.objects.get(reference=reference).pk] = row["event"]
    wanted = {frozenset(pair) for pair in combinations(event_of, 2) if event_of[pair[0]] == event_of[pair[1]]}
    found = {
        frozenset((incident.pk, likely.incident_id))
        for incident in Incident.objects.all()
        for likely in likely_duplicates(incident)
    }
    right = len(wanted & found)
    assert right / len(wanted) >= 0.9
    assert right / len(found) >= 0.5
