"""What is near what: the producing areas that contain a point or lie near it.

The spatial index narrows first, on both databases; `measuring` tells how the distance is measured after,
`certainty` how sure it is, and docs/method.md both in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from impact.places.area_shapes import (
    AreaRow,
    areas_by_key,
    longest_reach_m,
    reach_m,
    rows_around_each,
    shape_of,
    shapes_around,
    shapes_of,
)
from impact.places.models import ProducingArea
from impact.places.nearness.measuring import NEAREST, AreaIndex, AreaShape, Nearness
from impact.places.nearness.reach_boxes import boxes_around

__all__ = [
    "NEAREST",
    "NearbyArea",
    "areas_around",
    "areas_around_each",
    "boxes_around",
    "distance_to",
    "measure_area",
    "nearby_areas",
]

_FARTHEST_M = 20_100_000.0  # half way around
_PLACES_KEPT = 100  # of a set of areas


@dataclass(frozen=True, slots=True)
class NearbyArea:
    """A producing area and its geodesic distance in metres; 0 when it contains the point.

    `share` of the point's disc lies within the area or its reach, `share_inside` within the area itself.
    """

    area: ProducingArea
    distance_m: float
    is_inside: bool
    share: float = 1.0
    share_inside: float = 0.0

    @property
    def is_in_reach(self) -> bool:
        """Whether the point is inside, or as near as the area's kind reaches."""
        return self.distance_m <= reach_m(self.area.kind)


@dataclass(frozen=True, slots=True)
class AreaAround:
    """What a link says of an area, by its key: see NearbyArea. `accuracy_m` is the area's own."""

    key: int
    accuracy_m: float
    distance_m: float
    is_inside: bool
    share: float
    share_inside: float


def areas_around(longitude: float, latitude: float, *, uncertainty_m: float = 0.0) -> list[AreaAround]:
    """`nearby_areas` without the areas themselves: what linking needs, in one query."""
    return areas_around_each([(longitude, latitude, uncertainty_m)])[0]


def areas_around_each(points: Sequence[tuple[float, float, float]]) -> list[list[AreaAround]]:
    """The same for each of several points (longitude, latitude, uncertainty in metres), in one query.

    Reports come from the same places again and again: what was prepared and measured is kept, under all
    that it was made from, so that what changed is measured anew.
    """
    around = rows_around_each([point[:2] for point in points], longest_reach_m())
    return [
        [*_prepared(rows).measured(*point)] if rows else []
        for point, rows in zip(points, around, strict=True)
    ]


def nearby_areas(
    longitude: float,
    latitude: float,
    *,
    uncertainty_m: float = 0.0,
    within_m: float = 0.0,
    limit: int = NEAREST,
    left_out: frozenset[int] = frozenset(),
) -> list[NearbyArea]:
    """The areas in use that contain a point (WGS 84 degrees) or reach it, nearest first, at most `limit`.

    How far each kind of area reaches is the setting NEAR_M; here at least `within_m`. Keys in `left_out` do
    not count.
    """
    around = shapes_around(longitude, latitude, max(longest_reach_m(), within_m))
    shapes = [
        replace(shape, reach_m=max(shape.reach_m, within_m)) for shape in around if shape.key not in left_out
    ]
    if not shapes:
        return []
    found = AreaIndex(shapes).nearest(*_columns(longitude, latitude, uncertainty_m), limit=limit)
    areas = areas_by_key(found.area.tolist()) if len(found.area) else {}
    return [_nearby(areas[key], found, row) for row, key in enumerate(found.area.tolist()) if key in areas]


def measure_area(
    area: ProducingArea, longitude: float, latitude: float, *, uncertainty_m: float = 0.0
) -> NearbyArea:
    """One area as seen from a point, however far away; the share is for the area's own reach."""
    [shape] = shapes_of([area.pk])
    return _measured(area, shape, longitude, latitude, uncertainty_m)


def distance_to(area: ProducingArea, longitude: float, latitude: float) -> tuple[float, bool]:
    """Geodesic distance in metres from a point to an area, and whether the area contains the point."""
    measured = measure_area(area, longitude, latitude)
    return measured.distance_m, measured.is_inside


class _Prepared:
    """Areas prepared for measuring, and what was measured from the latest places."""

    def __init__(self, rows: tuple[AreaRow, ...]) -> None:
        self._index = AreaIndex([*map(shape_of, rows)])
        self._accuracy_m = {key: accuracy_m for key, _, _, accuracy_m in rows}
        self.measured = lru_cache(maxsize=_PLACES_KEPT)(self._measure)

    def _measure(self, longitude: float, latitude: float, uncertainty_m: float) -> tuple[AreaAround, ...]:
        found = self._index.nearest(*_columns(longitude, latitude, uncertainty_m))
        return tuple(
            AreaAround(key, self._accuracy_m[key], *measured)
            for key, *measured in zip(
                found.area.tolist(), found.distance_m.tolist(), found.is_inside.tolist(),
                found.share.tolist(), found.share_inside.tolist(), strict=True,
            )
        )  # fmt: skip


_prepared = lru_cache(maxsize=256)(_Prepared)


def _measured(
    area: ProducingArea, shape: AreaShape, longitude: float, latitude: float, uncertainty_m: float
) -> NearbyArea:
    found = AreaIndex([shape], within_m=_FARTHEST_M).nearest(*_columns(longitude, latitude, uncertainty_m))
    return _nearby(area, found, 0)


def _columns(
    longitude: float, latitude: float, uncertainty_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array([longitude]), np.array([latitude]), np.array([uncertainty_m])


def _nearby(area: ProducingArea, found: Nearness, row: int) -> NearbyArea:
    return NearbyArea(
        area=area,
        distance_m=float(found.distance_m[row]),
        is_inside=bool(found.is_inside[row]),
        share=float(found.share[row]),
        share_inside=float(found.share_inside[row]),
    )
