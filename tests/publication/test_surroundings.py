"""What maps and briefs stand on besides incidents is frozen with a snapshot, once for each state."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from impact.places.models import Place, ProducingArea
from impact.publication.models import CoverageMonth, Edition, Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.publication.surroundings import Surroundings
from tests.builders import make_area, make_place

pytestmark = pytest.mark.django_db
POLYGON = "POLYGON((20 -6, 20.1 -6, 20.1 -6.1, 20 -6))"


@pytest.fixture
def area() -> ProducingArea:
    make_place("Tshikapa")
    CoverageMonth.objects.create(
        country="CD", month=date(2026, 10, 1), state="reports", reports=7, counted_at=timezone.now()
    )
    return make_area("Kamonia", wkt=POLYGON, minerals=["diamond", "gold"])


def again(snapshot: Snapshot) -> Surroundings:
    return Surroundings(Snapshot.objects.get(pk=snapshot.pk))


def test_what_changes_later_does_not_change_them(area: ProducingArea) -> None:
    snapshot = take_snapshot()
    ProducingArea.objects.update(name="Other", kind="industrial", minerals=[], retired_on=date(2026, 11, 1))
    make_area("New pits")
    Place.objects.update(name="Elsewhere")
    CoverageMonth.objects.update(reports=700)
    kept = again(snapshot)
    assert kept.is_frozen
    [known] = kept.areas
    assert (known.name, known.kind, known.minerals, known.is_retired) == (
        "Kamonia",
        "artisanal",
        ("diamond", "gold"),
        False,
    )
    assert known.wkb == bytes(area.geometry.wkb)
    assert [place.name for place in kept.places] == ["Tshikapa"]
    assert kept.effort("CD").reports == 7
    assert kept.coverage_months("CD", from_on=date(2026, 11, 1)) == []
    now = Surroundings()
    assert [known.name for known in now.areas] == ["Other", "New pits"]
    assert now.areas[0].is_retired
    assert now.effort("CD").reports == 700


@pytest.mark.usefixtures("area")
def test_a_state_is_kept_once_however_many_snapshots_find_it() -> None:
    first, second = take_snapshot(), take_snapshot()
    assert Edition.objects.count() == 3
    assert first.areas_edition_id == second.areas_edition_id
    ProducingArea.objects.update(name="Renamed")
    third = take_snapshot()
    assert Edition.objects.count() == 4
    assert third.areas_edition_id != first.areas_edition_id
    assert third.places_edition_id == first.places_edition_id
    assert again(third).digest(Edition.Kind.AREAS) != again(first).digest(Edition.Kind.AREAS)


def test_an_area_that_was_joined_has_no_shape_of_its_own_but_its_minerals(area: ProducingArea) -> None:
    joined = make_area("The same pits", minerals=["coltan"], joined_to=area)
    kept = again(take_snapshot())
    assert [known.id for known in kept.areas] == [area.pk]
    assert kept.minerals_of(joined.pk) == ("coltan",)
    assert kept.minerals_of(0) == ()


@pytest.mark.usefixtures("area")
def test_a_snapshot_from_before_says_so_and_has_those_of_today() -> None:
    snapshot = take_snapshot()
    Snapshot.objects.update(areas_edition=None, places_edition=None, coverage_edition=None)
    ProducingArea.objects.update(name="Renamed")
    old = again(snapshot)
    assert not old.is_frozen
    assert [known.name for known in old.areas] == ["Renamed"]
    assert old.digest(Edition.Kind.AREAS) == ""


@pytest.mark.usefixtures("area")
def test_the_day_of_the_latest_change_is_kept() -> None:
    ProducingArea.objects.update(updated_at=timezone.now() - timedelta(days=40))
    changed_on = (timezone.now() - timedelta(days=40)).date()
    snapshot = take_snapshot()
    ProducingArea.objects.update(updated_at=timezone.now())
    assert again(snapshot).areas_changed_on == changed_on
    ProducingArea.objects.all().delete()
    assert Surroundings().areas_changed_on is None
