"""How far points are from producing areas, for one point or a million: plain arrays, no database.

The distance is the geodesic on WGS 84 (`geodesics`), to a point or to the nearest place of a boundary; the
latter is at most 5 cm too long (`outlines`). A `ReachGrid` first says which areas can be in reach at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.certainty import DiscShares
from impact.places.nearness.geodesics import Booleans, Floats, Integers, Places
from impact.places.nearness.outlines import Outlines
from impact.places.nearness.spots import Spots
from impact.places.nearness.surfaces import Surfaces

NEAREST = 5
_AT_ONCE = 4_000  # points: what is worked out for so many fits a processor's own memory
_DISTANCE_BITS = 46  # half way around the earth in micrometres


@dataclass(frozen=True, slots=True)
class AreaShape:
    """What measuring needs of a producing area: WGS 84 degrees, and how far "near" reaches around it."""

    key: int
    geometry: shapely.Geometry
    reach_m: float
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Nearness:
    """Links as columns, by point and then nearest first. `point` counts the points, `area` is an area's key.

    `distance_m` is 0 inside; `share` is the part of a point's disc that lies within the area or its reach,
    `share_inside` the part within the area itself; `rank` is 0 for the nearest.
    """

    point: Integers
    area: Integers
    distance_m: Floats
    is_inside: Booleans
    share: Floats
    share_inside: Floats
    rank: Integers

    def columns(self) -> tuple[NDArray[Any], ...]:
        return tuple(getattr(self, field.name) for field in fields(self))


class AreaIndex:
    """Producing areas, prepared for measuring many points against them."""

    def __init__(self, shapes: Sequence[AreaShape], *, within_m: float = 0.0) -> None:
        """Each area counts as near as far as it reaches; `within_m` says how far at least."""
        self.keys = np.array([shape.key for shape in shapes], dtype=np.int64)
        reach_m = np.array([shape.reach_m for shape in shapes], dtype=float)
        geometries = np.array([shape.geometry for shape in shapes], dtype=object)
        dimensions = shapely.get_dimensions(geometries)
        self._near_m = np.maximum(reach_m, within_m)
        self._spots = Spots(geometries, np.flatnonzero(dimensions == 0), self._near_m)
        self._outlines = Outlines(geometries, np.flatnonzero(dimensions > 0), self._near_m)
        self._surfaces = Surfaces(geometries, np.flatnonzero(dimensions == 2), self._near_m)
        self._shares = DiscShares(geometries, reach_m)

    def nearest(
        self, longitude: Floats, latitude: Floats, uncertainty_m: Floats, *, limit: int = NEAREST
    ) -> Nearness:
        """The areas that each point is inside of or near, nearest first, at most `limit` of them.

        Points are WGS 84 degrees. What is equally far, to the micrometre, is in the order of the keys.
        """
        found = [
            self._nearest(start, Places.at(longitude[some], latitude[some]), uncertainty_m[some], limit)
            for start, some in _slices(len(longitude))
        ]
        return Nearness(*map(np.concatenate, zip(*(part.columns() for part in found), strict=True)))

    def reaches(self, longitude: Floats, latitude: Floats) -> Booleans:
        """Which points are inside of or near any area."""
        touched = np.zeros(len(longitude), dtype=bool)
        for start, some in _slices(len(longitude)):
            touched[start + self._measured(Places.at(longitude[some], latitude[some]))[0]] = True
        return touched

    def measured(self, longitude: Floats, latitude: Floats) -> tuple[Integers, Integers, Floats, Booleans]:
        """All pairs of a point and an area it is inside of or near: both numbers, distance, whether inside.

        The distance of a point inside is that to the boundary; infinite where that is farther than near.
        """
        return self._measured(Places.at(longitude, latitude))

    def _nearest(self, start: int, points: Places, uncertainty_m: Floats, limit: int) -> Nearness:
        point, area, edge_m, is_inside = self._measured(points)
        distance_m = np.where(is_inside, 0.0, edge_m)
        order = self._ordered(point, distance_m, area)
        rank = np.arange(len(point)) - np.searchsorted(point[order], point[order])
        order, rank = order[rank < limit], rank[rank < limit]
        point, area, is_inside = point[order], area[order], is_inside[order]
        share, share_inside = self._shares.of(
            area, points.take(point), uncertainty_m[point], edge_m[order], is_inside
        )
        return Nearness(
            start + point, self.keys[area], distance_m[order], is_inside, share, share_inside, rank
        )

    def _ordered(self, point: Integers, distance_m: Floats, area: Integers) -> Integers:
        """By point, distance to the micrometre, and key: mostly told apart by a single number."""
        place = (point << _DISTANCE_BITS) + np.rint(distance_m * 1e6).astype(np.int64)
        order = np.argsort(place)
        if (place[order[1:]] == place[order[:-1]]).any():
            order = np.lexsort((self.keys[area], place))
        return order

    def _measured(self, points: Places) -> tuple[Integers, Integers, Floats, Booleans]:
        spots, edges = self._spots.near(points), self._outlines.near(points)
        holds = self._surfaces.contain(edges[1], points.longitude[edges[0]], points.latitude[edges[0]])
        keep = holds | (edges[2] <= self._near_m[edges[1]])
        alone = self._surfaces.around(points.longitude, points.latitude)
        if len(alone[0]):
            width = len(self.keys)
            far = np.isin(alone[0] * width + alone[1], edges[0] * width + edges[1], invert=True)
            alone = alone[0][far], alone[1][far]
        return (
            np.concatenate((spots[0], edges[0][keep], alone[0])),
            np.concatenate((spots[1], edges[1][keep], alone[1])),
            np.concatenate((spots[2], edges[2][keep], np.full(len(alone[0]), np.inf))),
            np.concatenate(
                (np.zeros(len(spots[0]), dtype=bool), holds[keep], np.ones(len(alone[0]), dtype=bool))
            ),
        )


def _slices(length: int) -> Iterator[tuple[int, slice]]:
    for start in range(0, max(length, 1), _AT_ONCE):
        yield start, slice(start, start + _AT_ONCE)
