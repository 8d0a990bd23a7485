"""No pair is lost, none comes twice, whichever way they are looked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.places.nearness import reach_grid
from impact.places.nearness.geodesics import WGS84, Floats, Places, karney_m
from impact.places.nearness.reach_grid import ReachGrid


def scattered(rng: np.random.Generator, region: tuple[float, float, float, float], count: int) -> Places:
    west, south, east, north = region
    longitude = rng.uniform(west, east, count)
    return Places.at(longitude - 360.0 * np.round(longitude / 360.0), rng.uniform(south, north, count))


def by_brute_force(points: Places, places: Places, reach_m: Floats) -> set[tuple[int, int]]:
    point, place = (side.ravel() for side in np.indices((len(points), len(places))))
    near = karney_m(points.take(point), places.take(place)) <= reach_m[place]
    return set(zip(point[near].tolist(), place[near].tolist(), strict=True))


REGIONS = {
    "the equator": (20.0, -2.0, 24.0, 2.0),
    "the far north": (10.0, 66.0, 20.0, 70.0),
    "the antimeridian": (178.0, -19.0, 182.0, -15.0),
    "the north pole": (-180.0, 88.5, 180.0, 90.0),
    "the south pole": (-180.0, -90.0, 180.0, -88.5),
}


@pytest.mark.parametrize("region", REGIONS.values(), ids=REGIONS)
@pytest.mark.parametrize("longest_m", [300.0, 25_000.0, 140_000.0])
def test_it_finds_all_in_reach(
    region: tuple[float, float, float, float], longest_m: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(11)
    points, places = scattered(rng, region, 400), scattered(rng, region, 300)
    points = Places.at(*(np.append(a, b[:20]) for a, b in (
        (points.longitude, places.longitude), (points.latitude, places.latitude)
    )))  # fmt: skip
    reach_m = rng.uniform(0.3, 1.0, len(places)) * longest_m
    expected = by_brute_force(points, places, reach_m)
    assert len(expected) >= 20
    for worth in (0, 10**9):
        monkeypatch.setattr(reach_grid, "_WORTH_A_TABLE", worth)
        point, place, straight_m = ReachGrid(places, reach_m).pairs(points)
        found = list(zip(point.tolist(), place.tolist(), strict=True))
        assert len(set(found)) == len(found)
        assert set(found) >= expected
        assert (np.diff(point) >= 0).all()
        # Nothing much beyond either: the line through the ground is hardly shorter.
        assert (straight_m <= reach_m[place]).all()


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 360), st.floats(0, 0.999), st.floats(100, 400_000)
)
def test_a_place_just_in_reach_is_found_wherever_it_is(
    longitude: float, latitude: float, azimuth: float, part: float, reach_m: float
) -> None:
    place = Places.at(np.array([longitude]), np.array([latitude]))
    x, y, _ = WGS84.fwd(longitude, latitude, azimuth, reach_m * part)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach_grid, "_WORTH_A_TABLE", 0)
        point, _, _ = ReachGrid(place, np.array([reach_m])).pairs(Places.at(np.array([x]), np.array([y])))
    assert len(point) == 1


@pytest.mark.parametrize("longitude", [-180.0, 180.0, -1e-17, np.nextafter(180.0, 0)])
def test_an_edge_of_the_table_is_no_edge(longitude: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach_grid, "_WORTH_A_TABLE", 0)
    places = Places.at(np.array([longitude]), np.array([-17.0]))
    for x in (longitude, -180.0, 180.0) if abs(longitude) > 1 else (0.0, 0.1):
        assert len(
            ReachGrid(places, np.array([25_000.0])).pairs(Places.at(np.array([x]), np.array([-17.0])))[0]
        )


def test_nothing_is_found_among_nothing() -> None:
    nothing = Places.at(np.zeros(0), np.zeros(0))
    assert [len(column) for column in ReachGrid(nothing, np.zeros(0)).pairs(nothing)] == [0, 0, 0]
