"""What is in reach of areas that are lines or surfaces, for asking how much of a disc is.

How far an area reaches is kept as a distance for every degree around its middle. Where nothing of the area
is farther from its middle than half its reach, any straight way from the middle leaves what is in reach
once and for good, so these distances say all. Each is the farthest that a circle around any place of the
outline goes in that direction; the circles' middles are a twenty-fifth of the reach apart. What larger
areas reach is kept as a polygon. Both are short by a two thousandth of the reach at most.

All this is in the plane that touches the earth in the area's middle. It makes 100 km four metres too short.
"""

from math import pi, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.geodesics import Floats, Integers, Places

Singles = NDArray[np.float32]

SAMPLES = 100
_TURN = np.arange(SAMPLES) * pi * (3.0 - sqrt(5.0))
_OUT = np.sqrt((np.arange(SAMPLES) + 0.5) / SAMPLES)
UNIT_X, UNIT_Y = _OUT * np.sin(_TURN), _OUT * np.cos(_TURN)  # a sunflower: evenly over a disc of radius 1
_SINGLE_X, _SINGLE_Y = UNIT_X.astype(np.float32), UNIT_Y.astype(np.float32)
_DIRECTIONS = 362  # from west by south, east and north to west again, and one more to look ahead to
_PER_RADIAN = np.float32(180 / pi)
_WAYS = np.radians(np.arange(_DIRECTIONS) - 180.0)
_WAY_X, _WAY_Y = np.cos(_WAYS).astype(np.float32), np.sin(_WAYS).astype(np.float32)
_STEP = 0.04  # of the reach, from circle to circle
_ROUGHNESS = 0.0002  # of the reach: so much of an outline's detail does not matter for what it reaches
_ROUNDNESS = 40  # edges of a quarter circle, where a polygon is kept: a five thousandth short
_STRAIGHT_DEGREES = 0.1  # of an edge, so that it is straight in the plane as well
_CIRCLES_AT_ONCE = 256


class Surroundings:
    """What is in reach of each of a fixed set of areas; worked out at first need."""

    def __init__(self, geometries: NDArray[np.object_], reach_m: Floats) -> None:
        count = len(geometries)
        self._geometries = geometries
        self._reach_m = reach_m
        self._is_known = np.zeros(count, dtype=bool)
        self._middle, self._east, self._north = np.zeros((3, 3, count))
        self._far = np.zeros((count, _DIRECTIONS), dtype=np.float32)
        self._polygon = np.full(count, None, dtype=object)

    def shares(self, area: Integers, points: Places, radius_m: Floats) -> Floats:
        """For pairs of an area and a point: how much of the disc around the point is in reach."""
        fresh = np.unique(area[~self._is_known[area]])
        if len(fresh):
            self._learn(fresh)
        x, y = self._on_plane(area, points)
        share = np.zeros(len(area))
        has_polygon = self._polygon[area].astype(bool)
        some = np.flatnonzero(~has_polygon)
        discs = (column[some, None].astype(np.float32) for column in (x, y, radius_m))
        share[some] = self._by_degree(area[some], *discs).mean(axis=1)
        some = np.flatnonzero(has_polygon)
        if len(some):
            x, y, radius_m = x[some, None], y[some, None], radius_m[some, None]
            within = shapely.contains_xy(
                self._polygon[area[some]][:, None], x + radius_m * UNIT_X, y + radius_m * UNIT_Y
            )
            share[some] = within.mean(axis=1)
        return share

    def _by_degree(self, area: Integers, x: Singles, y: Singles, radius_m: Singles) -> NDArray[np.bool_]:
        x, y = x + radius_m * _SINGLE_X, y + radius_m * _SINGLE_Y
        way = np.arctan2(y, x) * _PER_RADIAN + np.float32(180)
        whole = way.astype(np.int64)
        way -= whole
        whole += area[:, None] * _DIRECTIONS
        far = self._far.take(whole)
        whole += 1
        far += way * (self._far.take(whole) - far)
        return x * x + y * y <= far * far

    def _on_plane(self, area: Integers, points: Places) -> tuple[Floats, Floats]:
        x, y = np.zeros(len(area)), np.zeros(len(area))
        for middle, east, north, axis in zip(
            self._middle, self._east, self._north, (points.x, points.y, points.z), strict=True
        ):
            away = axis - middle[area]
            x += away * east[area]
            y += away * north[area]
        return x, y

    def _learn(self, areas: Integers) -> None:
        """Work out what some areas reach."""
        geometries = shapely.segmentize(self._geometries[areas], _STRAIGHT_DEGREES)
        corners, owner = shapely.get_coordinates(geometries, return_index=True)
        places = Places.at(corners[:, 0], corners[:, 1])
        self._set_middles(areas, places, np.flatnonzero(np.diff(owner, prepend=-1)))
        plane = np.column_stack(self._on_plane(areas[owner], places))
        farthest_2 = np.zeros(len(areas))
        np.maximum.at(farthest_2, owner, (plane * plane).sum(axis=1))
        shapes = shapely.set_coordinates(geometries, plane)
        reach_m = self._reach_m[areas]
        is_large = farthest_2 > reach_m * reach_m / 4
        self._polygon[areas[is_large]] = _buffered(shapes[is_large], reach_m[is_large])
        self._set_far(areas[~is_large], shapes[~is_large])
        self._is_known[areas] = True

    def _set_middles(self, areas: Integers, places: Places, starts: Integers) -> None:
        middle = np.array(
            [
                (np.minimum.reduceat(axis, starts) + np.maximum.reduceat(axis, starts)) / 2
                for axis in (places.x, places.y, places.z)
            ]
        )
        turn, rise = np.arctan2(middle[1], middle[0]), np.arctan2(middle[2], np.hypot(middle[0], middle[1]))
        sine, cosine, nought = np.sin(turn), np.cos(turn), np.zeros(len(areas))
        self._middle[:, areas] = middle
        self._east[:, areas] = -sine, cosine, nought
        self._north[:, areas] = -np.sin(rise) * cosine, -np.sin(rise) * sine, np.cos(rise)

    def _set_far(self, areas: Integers, shapes: NDArray[np.object_]) -> None:
        reach_m = self._reach_m[areas]
        outlines = shapes.copy()
        is_surface = shapely.get_dimensions(shapes) == 2
        outlines[is_surface] = shapely.boundary(shapes[is_surface])
        outlines = shapely.simplify(outlines, reach_m * _ROUGHNESS, preserve_topology=False)
        middles, owner = shapely.get_coordinates(
            shapely.segmentize(outlines, reach_m * _STEP), return_index=True
        )
        for start in range(0, len(owner), _CIRCLES_AT_ONCE):
            x, y = middles[start : start + _CIRCLES_AT_ONCE, :, None].transpose(1, 0, 2).astype(np.float32)
            mine = owner[start : start + _CIRCLES_AT_ONCE]
            # Where a ray leaves a circle: as far as the middle is ahead, and half the chord.
            far = x * _WAY_X
            far += y * _WAY_Y
            chord = x * _WAY_Y
            chord -= y * _WAY_X
            chord *= chord
            np.subtract((reach_m[mine, None] ** 2).astype(np.float32), chord, out=chord)
            far += np.sqrt(chord, out=chord)
            opens = np.flatnonzero(np.diff(mine, prepend=-1))
            rows = areas[mine[opens]]
            self._far[rows] = np.maximum(self._far[rows], np.maximum.reduceat(far, opens))


def _buffered(shapes: NDArray[np.object_], reach_m: Floats) -> NDArray[np.object_]:
    reached = shapely.buffer(shapely.simplify(shapes, reach_m * _ROUGHNESS), reach_m, quad_segs=_ROUNDNESS)
    shapely.prepare(reached)
    return np.asarray(reached, dtype=object)
