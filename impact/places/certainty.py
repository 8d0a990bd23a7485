"""How sure nearness is: the share of an incident's disc that lies within an area, or within its reach.

The true place may be anywhere in the disc around an incident's point, and nowhere in it more likely than
elsewhere. For a point the share is the overlap of two circles, exactly. For a polygon or a line, a hundred
points are spread evenly over the disc (a sunflower) and those within are counted: good to two hundredths.
"""

from math import pi, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

SAMPLES = 100
_WGS84 = Geod(ellps="WGS84")
_TURN = np.arange(SAMPLES) * pi * (3.0 - sqrt(5.0))
_OUT = np.sqrt((np.arange(SAMPLES) + 0.5) / SAMPLES)
_UNIT_X, _UNIT_Y = _OUT * np.sin(_TURN), _OUT * np.cos(_TURN)
_ROUNDNESS = 10  # edges a quarter circle: the reach is at most a third of a hundredth short
_ROUGHNESS = 0.002  # of the reach: so much of an outline's detail does not matter for what it reaches


class DiscShares:
    """Answers shares for a fixed set of areas; what a polygon's reach covers is worked out at first need."""

    def __init__(self, geometries: NDArray[np.object_], reach_m: Floats) -> None:
        self._geometries = geometries
        self._reach_m = reach_m
        self._is_spot = shapely.get_type_id(geometries) == shapely.GeometryType.POINT
        self._is_surface = shapely.get_dimensions(geometries) == 2
        self._reached: dict[int, tuple[float, float, shapely.Geometry]] = {}

    def of(
        self,
        area: Integers,
        longitude: Floats,
        latitude: Floats,
        uncertainty_m: Floats,
        distance_m: Floats,
        is_inside: Booleans,
    ) -> tuple[Floats, Floats]:
        """For pairs of a point and an area: the share within the area or its reach, and within the area.

        `distance_m` is to the area's nearest edge, also for a point inside.
        """
        reach_m = self._reach_m[area]
        outside_m = np.where(is_inside, 0.0, distance_m)
        share = (outside_m <= reach_m).astype(float)
        inside = is_inside.astype(float)
        is_cut = (uncertainty_m > 0) & (outside_m + uncertainty_m > reach_m)
        spots = np.flatnonzero(is_cut & self._is_spot[area])
        share[spots] = circle_share(outside_m[spots], uncertainty_m[spots], reach_m[spots])
        pairs = np.flatnonzero(is_cut & ~self._is_spot[area])
        if len(pairs):
            x, y = _disc(longitude[pairs, None], latitude[pairs, None], uncertainty_m[pairs, None])
            share[pairs] = self._within_reach(area[pairs], x, y)
        crosses_edge = (distance_m < uncertainty_m) & self._is_surface[area]
        pairs = np.flatnonzero(crosses_edge)
        if len(pairs):
            x, y = _disc(longitude[pairs, None], latitude[pairs, None], uncertainty_m[pairs, None])
            holds = shapely.intersects_xy(self._geometries[area[pairs]][:, None], x, y)
            inside[pairs] = holds.mean(axis=1)
        return np.maximum(share, inside), inside

    def _within_reach(self, area: Integers, x: Floats, y: Floats) -> Floats:
        for one in np.unique(area).tolist():
            if one not in self._reached:
                self._reached[one] = _reached(self._geometries[one], float(self._reach_m[one]))
        middles = np.array([self._reached[one][:2] for one in area.tolist()])
        covers = np.array([self._reached[one][2] for one in area.tolist()], dtype=object)
        east, north = _plane(middles[:, :1], middles[:, 1:], x, y)
        return np.asarray(shapely.contains_xy(covers[:, None], east, north).mean(axis=1), dtype=float)


def circle_share(distance_m: Floats, radius_m: Floats, reach_m: Floats) -> Floats:
    """The share of a circle that another covers, whose centre is a distance away."""
    d, r, reach = (np.asarray(values, dtype=float) for values in (distance_m, radius_m, reach_m))
    apart = np.maximum(d, 1e-9)
    near = np.arccos(np.clip((apart**2 + r**2 - reach**2) / (2 * apart * r), -1, 1))
    far = np.arccos(np.clip((apart**2 + reach**2 - r**2) / (2 * apart * reach), -1, 1))
    kite = (-apart + r + reach) * (apart + r - reach) * (apart - r + reach) * (apart + r + reach)
    overlap = r**2 * near + reach**2 * far - np.sqrt(np.maximum(kite, 0.0)) / 2
    whole = np.where(d <= np.abs(r - reach), pi * np.minimum(r, reach) ** 2, overlap)
    return np.clip(np.where(d >= r + reach, 0.0, whole) / (pi * r**2), 0.0, 1.0)


def _disc(longitude: Floats, latitude: Floats, radius_m: Floats) -> tuple[Floats, Floats]:
    """Points spread evenly over a disc, in degrees."""
    y = np.clip(latitude + np.degrees(radius_m * _UNIT_Y / _along(latitude)), -90.0, 90.0)
    shrink = np.maximum(np.cos(np.radians((latitude + y) / 2)), 1e-6)
    x = longitude + np.degrees(radius_m * _UNIT_X / (_across(latitude) * shrink))
    return x - 360.0 * np.round(x / 360.0), y


def _reached(geometry: shapely.Geometry, reach_m: float) -> tuple[float, float, shapely.Geometry]:
    """All within reach of a geometry, in a plane around its middle, with that middle in degrees."""
    west, south, east, north = shapely.bounds(geometry)
    longitude, latitude = (west + east) / 2, (south + north) / 2
    plane = shapely.transform(
        shapely.segmentize(geometry, 0.1),
        lambda points: np.column_stack(_plane(longitude, latitude, points[:, 0], points[:, 1])),
    )
    reached = shapely.buffer(shapely.simplify(plane, reach_m * _ROUGHNESS), reach_m, quad_segs=_ROUNDNESS)
    shapely.prepare(reached)
    return longitude, latitude, reached


def _plane(
    longitude: Floats | float, latitude: Floats | float, x: Floats, y: Floats
) -> tuple[Floats, Floats]:
    apart = x - longitude
    middle = np.radians((y + latitude) / 2)
    east = _across(np.degrees(middle)) * np.cos(middle) * np.radians(apart - 360.0 * np.round(apart / 360.0))
    return east, _along(np.degrees(middle)) * np.radians(y - latitude)


def _across(latitude: Floats) -> Floats:
    return _WGS84.a / np.sqrt(1.0 - _WGS84.es * np.sin(np.radians(latitude)) ** 2)


def _along(latitude: Floats) -> Floats:
    return _across(latitude) ** 3 * (1.0 - _WGS84.es) / _WGS84.a**2
