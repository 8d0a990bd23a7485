"""How much of a disc is in reach, against ten thousand points of it, each measured."""

from math import pi, sqrt

import numpy as np
import pytest
import shapely
from pyproj import Geod

from impact.places.nearness.geodesics import Places
from impact.places.nearness.measuring import AreaIndex, AreaShape
from impact.places.nearness.surroundings import Surroundings

GEOD = Geod(ellps="WGS84")
REACH_M = 25_000.0


def around(longitude: float, latitude: float, size: float) -> dict[str, shapely.Geometry]:
    """Shapes of about this many degrees on either side of their middle."""
    star = np.array([(1, 0), (0.3, 0.4), (0, 1), (-0.5, 0.3), (-1, -0.2), (0, -1), (0.4, -0.3)])
    middle, stretch = np.array([longitude, latitude]), np.array([1 / np.cos(np.radians(latitude)), 1.0])

    def placed(points: np.ndarray) -> np.ndarray:
        return np.asarray(middle + points * size * stretch)

    return {
        "star": shapely.Polygon(placed(star)),
        "line": shapely.LineString(placed(star[:4])),
        "parts": shapely.MultiPolygon(
            [shapely.Polygon(placed(star * 0.3 - 0.6)), shapely.Polygon(placed(star * 0.3 + 0.6))]
        ),
        "points": shapely.MultiPoint(placed(star)),
    }


def counted(shape: shapely.Geometry, x: float, y: float, radius_m: float) -> float:
    """The share of ten thousand points that lie evenly in the disc."""
    number = np.arange(10_000)
    azimuth, out_m = np.degrees(number * pi * (3 - sqrt(5))), radius_m * np.sqrt((number + 0.5) / 10_000)
    longitude, latitude, _ = GEOD.fwd(np.full(10_000, x), np.full(10_000, y), azimuth, out_m)
    index = AreaIndex([AreaShape(1, shape, REACH_M)])
    return float(index.reaches(np.asarray(longitude), np.asarray(latitude)).mean())


@pytest.mark.parametrize("size", [0.005, 0.05, 0.1, 0.5])
@pytest.mark.parametrize("latitude", [0.0, -6.0, 58.0])
def test_it_is_what_one_counts(size: float, latitude: float) -> None:
    """Up to half the reach, and larger: one way and the other."""
    rng = np.random.default_rng(5)
    for name, shape in around(20.0, latitude, size).items():
        # Discs of all sizes, those that the edge of what is in reach cuts.
        for radius_m in (200.0, 500.0, 5_000.0, 30_000.0):
            x, y = on_the_edge(shape, rng.uniform(0, 360), rng.uniform(-0.8, 0.8) * radius_m)
            points = Places.at(np.array([x]), np.array([y]))
            found = Surroundings(np.array([shape]), np.array([REACH_M])).shares(
                np.array([0]), points, np.array([radius_m])
            )
            assert found[0] == pytest.approx(counted(shape, x, y, radius_m), abs=0.03), (name, radius_m)


def on_the_edge(shape: shapely.Geometry, azimuth: float, beyond_m: float) -> tuple[float, float]:
    """A place in a direction from the shape's middle, so far beyond what it reaches."""
    index = AreaIndex([AreaShape(1, shape, REACH_M)])
    middle = shapely.box(*shape.bounds).centroid
    low, high = 0.0, 200_000.0
    while high - low > 1.0:
        out_m = (low + high) / 2
        x, y, _ = GEOD.fwd(middle.x, middle.y, azimuth, out_m)
        low, high = (out_m, high) if index.reaches(np.array([x]), np.array([y]))[0] else (low, out_m)
    x, y, _ = GEOD.fwd(middle.x, middle.y, azimuth, low + beyond_m)
    return float(x), float(y)


@pytest.mark.parametrize(("longitude", "latitude"), [(180.0, -17.0), (20.0, 89.97)])
def test_it_knows_no_edge_of_the_map(longitude: float, latitude: float) -> None:
    shape = shapely.MultiPoint([(longitude, latitude), (longitude - 0.02, latitude), (-179.98, latitude)])
    for azimuth in (10.0, 100.0, 190.0, 280.0):
        x, y, _ = GEOD.fwd(longitude, latitude, azimuth, REACH_M)
        found = Surroundings(np.array([shape]), np.array([REACH_M])).shares(
            np.array([0]), Places.at(np.array([x]), np.array([y])), np.array([4_000.0])
        )
        assert found[0] == pytest.approx(counted(shape, x, y, 4_000.0), abs=0.03)
