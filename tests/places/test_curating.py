"""What moderators do to producing areas, and what the gazetteer and the pairs make of it."""

from datetime import date
from typing import Any

import pytest
from django.contrib.gis.geos import Point

from impact.accounts.models import User
from impact.ledger.models import Entry
from impact.places.curating import (
    AreaRefused,
    StaleArea,
    add_alias,
    correct_area,
    join_areas,
    remove_alias,
    restore_area,
    retire_area,
    split_area,
    tell_apart,
)
from impact.places.gazetteer_store import current_gazetteer
from impact.places.models import AreaPair, ProducingArea
from impact.places.pairing import suggest_pairs
from tests.builders import make_area

pytestmark = pytest.mark.django_db


@pytest.fixture
def why(moderator: User) -> dict[str, Any]:
    return {"by": moderator.pk, "reason": "A monitor was there."}


def test_a_correction_is_kept_with_who_when_before_after_and_why(
    moderator: User, why: dict[str, Any]
) -> None:
    area = correct_area(
        area=make_area(operator="Firm"),
        fields={"operator": "Nobody", "name": "Tshikapa pits", "active_from": date(2015, 1, 1)},
        expected_version=1,
        **why,
    )
    assert (area.corrected, area.version) == (["active_from", "operator"], 2)
    change = area.changes.get()
    entry = Entry.objects.get(kind="area")
    assert (entry.actor, entry.subject) == (moderator, f"area {area.pk}")
    assert entry.content.details["before"] == change.before
    assert (change.changed_by, change.reason) == (moderator, "A monitor was there.")
    assert (change.before, change.after) == (
        {"operator": "Firm", "active_from": ""},
        {"operator": "Nobody", "active_from": "2015-01-01"},
    )


def test_a_moved_area_waits_for_linking_and_a_renamed_one_does_not(why: dict[str, Any]) -> None:
    area = make_area(relinked_at="2026-11-23T12:00Z")
    area = correct_area(area=area, fields={"name": "Pits"}, expected_version=1, **why)
    assert ProducingArea.objects.get().relinked_at is not None
    correct_area(area=area, fields={"geometry": Point(21, -6, srid=4326)}, expected_version=2, **why)
    assert ProducingArea.objects.get().relinked_at is None


def test_it_refuses_a_stale_page_no_reason_and_no_change(why: dict[str, Any]) -> None:
    area = make_area()
    with pytest.raises(StaleArea):
        correct_area(area=area, fields={"name": "Other"}, expected_version=7, **why)
    with pytest.raises(AreaRefused, match="reason"):
        correct_area(area=area, fields={"name": "Other"}, expected_version=1, by=why["by"], reason=" ")
    with pytest.raises(AreaRefused, match="Nothing would change"):
        correct_area(area=area, fields={"name": area.name}, expected_version=1, **why)
    with pytest.raises(AreaRefused, match="end is before"):
        correct_area(
            area=area,
            fields={"active_from": date(2020, 1, 1), "active_to": date(2019, 1, 1)},
            expected_version=1,
            **why,
        )
    assert not area.changes.exists()


def test_names_are_given_and_taken(why: dict[str, Any]) -> None:
    area = add_alias(area=make_area(), name=" Les  puits ", language="fr", expected_version=1, **why)
    assert [match.place.id for match in current_gazetteer().exact_matches("lespuits")] == [area.pk]
    alias = area.other_names.get()
    assert (alias.name, alias.language, area.aliases) == ("Les puits", "fr", ["Les puits"])
    with pytest.raises(AreaRefused, match="already"):
        add_alias(area=area, name="Les puits", language="fr", expected_version=2, **why)
    area = remove_alias(area=area, alias=alias, expected_version=2, **why)
    assert (area.aliases, area.other_names.count()) == ([], 0)
    assert [change.action for change in area.changes.all()] == ["named", "unnamed"]


def test_a_retired_area_keeps_its_history_and_comes_back(why: dict[str, Any]) -> None:
    area = retire_area(area=make_area(), expected_version=1, **why)
    assert (area.retired_because, area.retired_on is None) == ("A monitor was there.", False)
    assert not ProducingArea.objects.in_use().exists()
    with pytest.raises(AreaRefused, match="already"):
        retire_area(area=area, expected_version=2, **why)
    area = restore_area(area=area, expected_version=2, **why)
    assert ProducingArea.objects.in_use().get() == area
    assert area.changes.count() == 2


def test_a_joined_area_is_one_place_under_all_names_and_can_be_split(why: dict[str, Any]) -> None:
    leading, area = (
        make_area("Kamako", source_name="A"),
        make_area("Mbuyi", source_name="B", aliases=["Lubao"]),
    )
    area = join_areas(area=area, to=leading, expected_version=1, **why)
    assert ProducingArea.objects.leading().get() == leading
    gazetteer = current_gazetteer()
    assert {match.place.id for match in gazetteer.exact_matches("lubao")} == {leading.pk}
    found = gazetteer.area(area.pk)
    assert found is not None, "its printed code still works"
    assert found.id == leading.pk
    area = split_area(area=area, expected_version=2, **why)
    assert ProducingArea.objects.leading().count() == 2
    assert AreaPair.objects.get().verdict == "apart"
    assert [change.action for change in area.changes.all()] == ["joined", "split"]


def test_what_was_joined_before_goes_along(why: dict[str, Any]) -> None:
    first, second, third = (make_area(name) for name in ("One", "Two", "Three"))
    join_areas(area=first, to=second, expected_version=1, **why)
    join_areas(area=second, to=third, expected_version=2, **why)
    assert set(third.members.all()) == {first, second}


def test_it_refuses_to_join_in_circles(why: dict[str, Any]) -> None:
    leading, area = make_area("One"), make_area("Two")
    with pytest.raises(AreaRefused, match="same row"):
        join_areas(area=area, to=area, expected_version=1, **why)
    area = join_areas(area=area, to=leading, expected_version=1, **why)
    with pytest.raises(AreaRefused, match="third"):
        join_areas(area=leading, to=area, expected_version=2, **why)
    with pytest.raises(AreaRefused, match="split it first"):
        join_areas(area=area, to=make_area("Three"), expected_version=2, **why)


def test_told_apart_is_not_suggested_again(why: dict[str, Any]) -> None:
    one, other = make_area("Kamako", source_name="A"), make_area("Mine de Kamako", 20.81, source_name="B")
    assert suggest_pairs([one.pk]) == 1
    tell_apart(area=one, other=other, expected_version=1, **why)
    assert suggest_pairs([one.pk, other.pk]) == 0
    assert AreaPair.objects.get().verdict == "apart"


def test_it_suggests_by_name_and_distance_and_across_sources_only() -> None:
    one = make_area("Kamako", source_name="A")
    make_area("Kamako", 20.81, source_name="A")
    make_area("Number 17", 20.805, source_name="B")
    make_area("Number 18", 20.9, source_name="B")
    make_area("Khamako", 20.9, source_name="B")
    make_area("Kamako", 21.2, source_name="B")
    suggest_pairs([one.pk])
    assert {pair.other.name for pair in AreaPair.objects.all()} == {"Number 17", "Khamako"}
