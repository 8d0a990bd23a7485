import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pyproj import Geod
from pytest_django.fixtures import Settings

from impact.places.models import ProducingArea
from impact.places.nearness.areas import areas_around, boxes_around, distance_to, nearby_areas
from tests.builders import make_area

pytestmark = pytest.mark.django_db
GEOD = Geod(ellps="WGS84")


def test_it_finds_the_nearest_five_within_25_km_nearest_first() -> None:
    for step in range(7):
        make_area(name=f"Pit {step}", longitude=20.8 + step * 0.03, latitude=-6.4)
    make_area(name="Far", longitude=21.8, latitude=-6.4)
    near = nearby_areas(20.8, -6.4)
    assert [found.area.name for found in near] == ["Pit 0", "Pit 1", "Pit 2", "Pit 3", "Pit 4"]
    assert near[1].distance_m == pytest.approx(GEOD.inv(20.8, -6.4, 20.83, -6.4)[2], abs=0.001)
    assert not near[0].is_inside


def test_each_kind_reaches_as_far_as_the_installation_says(settings: Settings) -> None:
    settings.NEAR_M = {"artisanal": 5_000.0, "industrial": 40_000.0, "mixed": 1.0, "unknown": 1.0}
    make_area("Pit", 20.9, kind="artisanal")
    make_area("Mine", 21.1, kind="industrial")
    assert [found.area.name for found in nearby_areas(20.8, -6.4)] == ["Mine"]
    assert [found.area.name for found in nearby_areas(20.8, -6.4, within_m=12_000)] == ["Pit", "Mine"]


def test_a_polygon_that_holds_the_point_is_inside_at_distance_nought() -> None:
    make_area(name="Concession", wkt="POLYGON((20.7 -6.5,20.9 -6.5,20.9 -6.3,20.7 -6.3,20.7 -6.5))")
    [found] = nearby_areas(20.8, -6.4)
    assert found.is_inside
    assert found.distance_m == 0


def test_a_polygon_is_measured_to_its_boundary() -> None:
    make_area(wkt="POLYGON((20.9 -6.6,21.2 -6.6,21.2 -6.2,20.9 -6.2,20.9 -6.6))")
    [found] = nearby_areas(20.8, -6.4)
    assert found.distance_m == pytest.approx(GEOD.inv(20.8, -6.4, 20.9, -6.4)[2], abs=0.5)


def test_a_hole_in_a_polygon_is_not_inside() -> None:
    make_area(
        wkt="POLYGON((20.6 -6.6,21 -6.6,21 -6.2,20.6 -6.2,20.6 -6.6),"
        "(20.7 -6.5,20.9 -6.5,20.9 -6.3,20.7 -6.3,20.7 -6.5))"
    )
    [found] = nearby_areas(20.8, -6.4)
    assert not found.is_inside
    assert found.distance_m == pytest.approx(GEOD.inv(20.8, -6.4, 20.8, -6.3)[2], rel=0.01)


def test_it_reaches_across_the_antimeridian() -> None:
    make_area(name="East", longitude=179.95, latitude=-17.0)
    make_area(name="West", longitude=-179.95, latitude=-17.0)
    assert {found.area.name for found in nearby_areas(179.99, -17.0)} == {"East", "West"}


def _as_nearby(longitude: float, latitude: float, uncertainty_m: float) -> list[tuple[object, ...]]:
    return [
        (
            near.area.pk,
            near.area.accuracy_m or 0.0,
            near.distance_m,
            near.is_inside,
            near.share,
            near.share_inside,
        )
        for near in nearby_areas(longitude, latitude, uncertainty_m=uncertainty_m)
    ]


def _as_kept(longitude: float, latitude: float, uncertainty_m: float) -> list[tuple[object, ...]]:
    return [
        (area.key, area.accuracy_m, area.distance_m, area.is_inside, area.share, area.share_inside)
        for area in areas_around(longitude, latitude, uncertainty_m=uncertainty_m)
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"geometry": "SRID=4326;POINT(20.81 -6.4)"},
        {"accuracy_m": 77.0},
        {"kind": "industrial"},
        {"retired_on": "2026-11-01"},
    ],
)
def test_what_was_measured_from_a_place_is_kept_until_anything_of_it_changes(
    change: dict[str, object], settings: Settings
) -> None:
    settings.NEAR_M = {"artisanal": 20_000.0, "industrial": 5_000.0, "mixed": 1.0, "unknown": 1.0}
    pit = make_area("Pit", 20.9, kind="artisanal")
    make_area(
        "Concession", wkt="POLYGON((20.7 -6.5,20.9 -6.5,20.9 -6.3,20.7 -6.3,20.7 -6.5))", kind="artisanal"
    )
    before = _as_kept(20.8, -6.4, 4_000.0)
    assert len(before) == 2
    assert before == _as_kept(20.8, -6.4, 4_000.0) == _as_nearby(20.8, -6.4, 4_000.0)
    for place in ((20.8, -6.4, 9_000.0), (20.8, -6.41, 4_000.0), (20.81, -6.4, 4_000.0)):
        assert _as_kept(*place) == _as_nearby(*place) != before
    ProducingArea.objects.filter(pk=pit.pk).update(**change)
    assert _as_kept(20.8, -6.4, 4_000.0) == _as_nearby(20.8, -6.4, 4_000.0) != before
    settings.NEAR_M = {"artisanal": 1.0, "industrial": 1.0, "mixed": 1.0, "unknown": 1.0}
    assert [found[0] for found in _as_kept(20.8, -6.4, 4_000.0)] == [
        found[0] for found in _as_nearby(20.8, -6.4, 4_000.0)
    ]


def test_it_looks_through_the_index_with_at_most_two_queries_a_box() -> None:
    for step in range(30):
        make_area(name=f"Pit {step}", longitude=10 + step, latitude=-6.4)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        nearby_areas(20.0, -6.4)
    assert len(queries) <= 2
    if connection.vendor == "sqlite":
        assert "idx_places_producingarea_geometry" in queries[0]["sql"]
    else:
        assert "&&" in queries[0]["sql"]


@hypothesis_settings(max_examples=60, deadline=None)
@given(st.floats(-179.99, 179.99), st.floats(-75, 75), st.floats(0, 360), st.floats(0, 24_900), st.booleans())
def test_whatever_is_within_reach_is_found(
    longitude: float, latitude: float, azimuth: float, distance_m: float, is_polygon: bool
) -> None:
    east, north, _ = GEOD.fwd(longitude, latitude, azimuth, distance_m)
    if is_polygon and abs(east) < 179.9:
        tip = f"{east} {north}"
        area = make_area(wkt=f"POLYGON(({tip},{east + 0.001} {north + 0.001},{east} {north + 0.002},{tip}))")
    else:
        area = make_area(longitude=east, latitude=north)
    found = {near.area.pk: near.distance_m for near in nearby_areas(longitude, latitude, limit=1000)}
    assert area.pk in found
    assert found[area.pk] <= distance_m + 0.01
    area.delete()


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 100_000))
def test_boxes_are_boxes(longitude: float, latitude: float, within_m: float) -> None:
    for west, south, east, north in boxes_around(longitude, latitude, within_m):
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90


def test_a_line_is_measured_to_its_nearest_part() -> None:
    area = make_area(wkt="LINESTRING(20 -6,22 -6)")
    distance_m, is_inside = distance_to(area, 21.0, -6.1)
    assert distance_m == pytest.approx(GEOD.inv(21.0, -6.1, 21.0, -6.0)[2], rel=0.001)
    assert not is_inside
