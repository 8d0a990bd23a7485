"""Producing areas of different sources that may be one real place: suggested by name and distance.

A person decides. What was decided once is not suggested again.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from rapidfuzz.distance import OSA

from impact.places.area_records import AreaPair
from impact.places.area_shapes import shapes_of
from impact.places.models import ProducingArea
from impact.places.names import fold_name, sound_of
from impact.places.nearness.measuring import AreaIndex, AreaShape

SAME_PLACE_M = 1_000.0  # this near, the names need not be alike: one of them is often a number
SAME_NAME_M = 15_000.0  # beyond, one name is two places; sources differ by this much for large mines
_CLOSE = 0.8  # of two names, 1 for the same
_BATCH = 500


def suggest_pairs(keys: Sequence[int]) -> int:
    """Look for other sources' rows of the same places as some areas; returns how many pairs are new."""
    if not keys:
        return 0
    standing = list(
        ProducingArea.objects.in_use()
        .order_by("pk")
        .values_list("pk", "name", "aliases", "source_name", "minerals")
    )
    if len({row[3] for row in standing}) < 2:
        return 0
    rows = {row[0]: row for row in standing}
    shapes = {shape.key: shape for shape in shapes_of(list(rows))}
    found = {}
    asked = [key for key in keys if key in rows]
    for one, other, distance_m in _neighbours(asked, shapes):
        if rows[one][3] == rows[other][3]:
            continue
        closeness = max(_closeness(a, b) for a in _names(rows[one]) for b in _names(rows[other]))
        if closeness >= _CLOSE or distance_m <= SAME_PLACE_M:
            found[min(one, other), max(one, other)] = (distance_m, closeness)
    pairs = [
        AreaPair(one_id=one, other_id=other, distance_m=distance_m, closeness=closeness)
        for (one, other), (distance_m, closeness) in found.items()
    ]
    before = AreaPair.objects.count()
    AreaPair.objects.bulk_create(pairs, batch_size=_BATCH, ignore_conflicts=True)
    return AreaPair.objects.count() - before


def _neighbours(asked: Sequence[int], shapes: dict[int, AreaShape]) -> list[tuple[int, int, float]]:
    """Pairs of an area asked about and another within reach of its middle, with the distance between them."""
    wide = [AreaShape(shape.key, shape.geometry, SAME_NAME_M) for shape in shapes.values()]
    index = AreaIndex(wide)
    pairs: list[tuple[int, int, float]] = []
    for start in range(0, len(asked), _BATCH):
        some = asked[start : start + _BATCH]
        middles = [shapely.point_on_surface(shapes[key].geometry) for key in some]
        x, y = np.array([point.x for point in middles]), np.array([point.y for point in middles])
        point, area, distance_m, is_inside = index.measured(x, y)
        distance_m = np.where(is_inside, 0.0, distance_m)
        near = (distance_m <= SAME_NAME_M) & (index.keys[area] != np.array(some)[point])
        pairs += zip(
            np.array(some)[point[near]].tolist(),
            index.keys[area[near]].tolist(),
            distance_m[near].tolist(),
            strict=True,
        )
    return pairs


def _names(row: tuple[int, str, list[str], str, list[str]]) -> list[str]:
    return [key for name in (row[1], *row[2]) if (key := fold_name(name))] or [""]


def _closeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return max(
        OSA.normalized_similarity(one, other), OSA.normalized_similarity(sound_of(one), sound_of(other))
    )
