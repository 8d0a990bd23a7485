"""Distances against brute force: every boundary cut into small pieces, each measured by the geodesic."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.affinity import rotate, scale, translate

from impact.places.nearness.certainty import circle_share
from impact.places.nearness.measuring import AreaIndex, AreaShape

GEOD = Geod(ellps="WGS84")
LONGITUDES = st.one_of(st.floats(-180, 180), st.floats(179.7, 180), st.floats(-180, -179.7))
TOLERANCE_M = 0.05  # as the module says


def by_brute_force(shape: shapely.Geometry, x: float, y: float) -> float:
    """The least geodesic distance to points of the boundary, refined again and again around the nearest."""
    outline = shape if shapely.get_dimensions(shape) < 2 else shapely.boundary(shape)
    if shapely.get_dimensions(outline) == 0:
        corners = shapely.get_coordinates(outline)
        return float(GEOD.inv(np.full(len(corners), x), np.full(len(corners), y), *corners.T)[2].min())
    best = np.inf
    for line in shapely.get_parts(outline):
        corners = shapely.get_coordinates(line)
        for start, end in pairwise(corners):
            low, high = 0.0, 1.0
            for _ in range(6):
                at = np.linspace(low, high, 101)
                points = start + at[:, None] * (end - start)
                away = GEOD.inv(np.full(101, x), np.full(101, y), points[:, 0], points[:, 1])[2]
                nearest = int(np.argmin(away))
                best = min(best, float(away[nearest]))
                step = (high - low) / 100
                low, high = max(at[nearest] - step, 0.0), min(at[nearest] + step, 1.0)
    return best


def measured(
    shape: shapely.Geometry, x: float, y: float, reach_m: float = 60_000.0
) -> tuple[float, bool] | None:
    index = AreaIndex([AreaShape(1, shape, reach_m)])
    _, _, distance_m, is_inside = index.measured(np.array([x]), np.array([y]))
    return (float(distance_m[0]), bool(is_inside[0])) if len(distance_m) else None


@st.composite
def shapes(draw: st.DrawFn) -> shapely.Geometry:
    """Points, lines, polygons with holes and in parts around (0, 0), from a few kilometres to a degree."""
    kind = draw(st.sampled_from(["point", "points", "line", "polygon", "holed", "parts"]))
    size = draw(st.floats(0.005, 0.6))
    turned = draw(st.floats(0, 360))
    star = shapely.Polygon([(1, 0), (0.3, 0.4), (0, 1), (-0.5, 0.3), (-1, -0.2), (0, -1), (0.4, -0.3)])
    shape = {
        "point": shapely.Point(0, 0),
        "points": shapely.MultiPoint([(0, 0), (1, 1)]),
        "line": shapely.LineString([(-1, -1), (0, 0.5), (1, 0)]),
        "polygon": star,
        "holed": star.difference(scale(star, 0.3, 0.3)),
        "parts": shapely.MultiPolygon([scale(star, 0.4, 0.4), translate(scale(star, 0.2, 0.2), 1.5, 0.5)]),
    }[kind]
    return scale(rotate(shape, turned, origin=(0, 0)), size, size, origin=(0, 0))


@settings(max_examples=60, deadline=None)
@given(shapes(), LONGITUDES, st.floats(-88, 88), st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_every_distance_is_that_of_brute_force(
    shape: shapely.Geometry, longitude: float, latitude: float, east: float, north: float
) -> None:
    area = translate(shape, longitude, latitude)
    west, _, right, _ = area.bounds
    x, y = longitude + east, latitude + north
    if west < -180 or right > 180:
        area = shapely.union_all(
            [
                shapely.intersection(translate(area, shift), shapely.box(-180, -90, 180, 90))
                for shift in (-360, 0, 360)
            ]
        )
        assume(shapely.get_dimensions(area) == shapely.get_dimensions(shape))
    x = x - 360 * round(x / 360)
    expected, found = by_brute_force(area, x, y), measured(area, x, y)
    holds = bool(shapely.intersects_xy(area, x, y))
    if found is None:
        assert not holds
        assert expected > 60_000
        return
    assert found[1] == (holds and shapely.get_dimensions(area) == 2)
    if np.isfinite(found[0]) and expected <= 60_000:
        # What is cut at the antimeridian has an edge there that brute force sees, too.
        assert found[0] == pytest.approx(expected, abs=TOLERANCE_M)
        assert found[0] >= expected - 0.001


def test_a_long_edge_is_straight_in_degrees() -> None:
    area = shapely.Polygon([(0, 45), (8, 45), (8, 46), (0, 46)])
    found = measured(area, 4.0, 44.9)
    assert found is not None
    assert found[0] == pytest.approx(by_brute_force(area, 4.0, 44.9), abs=0.02)
    assert found[0] == pytest.approx(GEOD.inv(4, 44.9, 4, 45)[2], abs=0.5)


def test_it_measures_near_a_pole_and_across_it() -> None:
    found = measured(shapely.Point(180, 89.9), 0.0, 89.95)
    assert found is not None
    assert found[0] == pytest.approx(GEOD.inv(0, 89.95, 180, 89.9)[2], abs=0.001)
    cap = shapely.box(-180, 89.9, 180, 90)
    assert measured(cap, 10.0, 89.95) is not None
    near = measured(cap, 10.0, 89.8)
    assert near is not None
    assert near[0] == pytest.approx(GEOD.inv(10, 89.8, 10, 89.9)[2], abs=0.5)


def test_a_large_polygon_holds_what_is_far_from_its_boundary() -> None:
    index = AreaIndex([AreaShape(7, shapely.box(10, -10, 30, 10), 25_000.0)])
    found = index.nearest(np.array([20.0]), np.array([0.0]), np.array([5_000.0]))
    assert (found.area.tolist(), found.distance_m.tolist(), found.is_inside.tolist()) == ([7], [0.0], [True])
    assert (found.share.tolist(), found.share_inside.tolist()) == ([1.0], [1.0])


@pytest.mark.parametrize("side", [0.1, 0.4, 0.44, 0.45, 0.46, 0.5, 1.0])
def test_whatever_is_inside_is_found_however_wide_the_surface(side: float) -> None:
    """The edge is in reach of all that is inside, or of most."""
    index = AreaIndex([AreaShape(7, shapely.box(20, 0, 20 + side, side), 25_000.0)])
    column, row = (axis.ravel() for axis in np.indices((41, 41)))
    x, y = 20 + side * (column + 0.5) / 41, side * (row + 0.5) / 41
    found = index.nearest(x, y, np.full(41 * 41, 100.0))
    assert found.point.tolist() == list(range(41 * 41))
    assert found.is_inside.all()
    assert not found.distance_m.any()
    assert index.reaches(x, y).all()


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 24_999), st.floats(100, 60_000), st.floats(0, 360), st.floats(-60, 60))
def test_the_share_of_a_point_is_the_overlap_of_two_circles(
    distance_m: float, radius_m: float, azimuth: float, latitude: float
) -> None:
    x, y, _ = GEOD.fwd(20.0, latitude, azimuth, distance_m)
    index = AreaIndex([AreaShape(1, shapely.Point(x, y), 25_000.0)])
    found = index.nearest(np.array([20.0]), np.array([latitude]), np.array([radius_m]))
    disc = shapely.Point(0, 0).buffer(radius_m, quad_segs=128)
    reach = shapely.Point(distance_m, 0).buffer(25_000.0, quad_segs=128)
    assert found.share[0] == pytest.approx(disc.intersection(reach).area / disc.area, abs=0.002)


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.25, 0.25), st.floats(-0.25, 0.25), st.floats(500, 30_000), st.floats(-55, 55))
def test_the_shares_of_a_polygon_are_those_of_its_plane(
    east: float, north: float, radius_m: float, latitude: float
) -> None:
    area = shapely.Polygon([(0, 0), (0.1, 0), (0.1, 0.08), (0.04, 0.03), (0, 0.08)])
    area = translate(area, 0, latitude)
    x, y = east, latitude + north
    index = AreaIndex([AreaShape(1, area, 25_000.0)])
    found = index.nearest(np.array([x]), np.array([y]), np.array([radius_m]))
    if not len(found.point):
        return

    def to_plane(points: np.ndarray) -> np.ndarray:
        azimuth, _, away = GEOD.inv(np.full(len(points), x), np.full(len(points), y), *points.T)
        return np.column_stack((away * np.sin(np.radians(azimuth)), away * np.cos(np.radians(azimuth))))

    plane = shapely.transform(shapely.segmentize(area, 0.01), to_plane)
    disc = shapely.Point(0, 0).buffer(radius_m, quad_segs=64)
    whole = disc.area
    assert found.share_inside[0] == pytest.approx(disc.intersection(plane).area / whole, abs=0.03)
    within = disc.intersection(plane.buffer(25_000, quad_segs=64)).area / whole
    assert found.share[0] == pytest.approx(within, abs=0.03)


@given(st.floats(0, 1e5), st.floats(1, 1e5), st.floats(1, 1e5))
def test_a_share_is_a_share(distance_m: float, radius_m: float, reach_m: float) -> None:
    share = float(circle_share(np.array(distance_m), np.array(radius_m), np.array(reach_m)))
    assert 0.0 <= share <= 1.0
    if distance_m + radius_m <= reach_m:
        assert share == pytest.approx(1.0)


def test_what_is_as_far_comes_in_the_order_of_the_keys() -> None:
    shapes = [AreaShape(key, shapely.Point(20.1, 0.0), 25_000.0) for key in (9, 4, 7, 5, 6, 8)]
    shapes.append(AreaShape(3, shapely.Point(20.05, 0.0), 25_000.0))
    found = AreaIndex(shapes).nearest(np.full(9_000, 20.0), np.zeros(9_000), np.zeros(9_000))
    assert found.area.reshape(-1, 5).tolist() == [[3, 4, 5, 6, 7]] * 9_000
    assert found.point.tolist() == np.repeat(np.arange(9_000), 5).tolist()
    assert found.rank.tolist() == [0, 1, 2, 3, 4] * 9_000


def test_the_reach_is_exact() -> None:
    """A millimetre within is near, a millimetre beyond is not."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(-180, 180, 400), rng.uniform(-89, 89, 400)
    to_x, to_y, _ = GEOD.fwd(x, y, rng.uniform(0, 360, 400), np.full(400, 25_000.0))
    reach_m = GEOD.inv(x, y, to_x, to_y)[2] + rng.choice([-0.001, 0.001, 0.0, -1e-8], 400)
    for number in range(400):
        index = AreaIndex([AreaShape(1, shapely.Point(to_x[number], to_y[number]), reach_m[number])])
        expected = GEOD.inv(x[number], y[number], to_x[number], to_y[number])[2] <= reach_m[number]
        assert index.reaches(x[number : number + 1], y[number : number + 1]).tolist() == [expected]


def test_no_points_have_no_links() -> None:
    index = AreaIndex(
        [AreaShape(1, shapely.box(10, -10, 30, 10), 25_000.0), AreaShape(2, shapely.Point(0, 0), 1.0)]
    )
    assert len(index.nearest(np.zeros(0), np.zeros(0), np.zeros(0)).point) == 0
    assert len(AreaIndex([]).nearest(np.zeros(1), np.zeros(1), np.zeros(1)).point) == 0


def test_many_points_get_the_links_of_brute_force() -> None:
    """Events beside mines, as they lie in a country: identical links, all of them."""
    rng = np.random.default_rng(3)
    mines = rng.uniform((15, 3), (25, 9), (270, 2))
    towns = rng.uniform((15, 3), (25, 9), (40, 2))
    events = towns[rng.integers(0, 40, 1500)] + rng.normal(0, 0.1, (1500, 2))
    index = AreaIndex([AreaShape(n, shapely.Point(mine), 25_000.0) for n, mine in enumerate(mines)])
    found = index.nearest(events[:, 0].copy(), events[:, 1].copy(), np.zeros(1500))
    links = set(zip(found.point.tolist(), found.area.tolist(), found.rank.tolist(), strict=True))
    expected = set()
    for number, (x, y) in enumerate(events):
        away = GEOD.inv(np.full(270, x), np.full(270, y), mines[:, 0], mines[:, 1])[2]
        near = [mine for mine in np.lexsort((np.arange(270), away)) if away[mine] <= 25_000.0][:5]
        expected |= {(number, int(mine), rank) for rank, mine in enumerate(near)}
    assert len(expected) > 1000
    assert links == expected
