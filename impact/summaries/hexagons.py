"""Published incidents by hexagon of a map at a zoom: the fixed H3 cells of publishing, or larger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import h3
import numpy as np
from django.db.models import Count, F, IntegerField, Sum, Value
from django.db.models.functions import Coalesce

from impact.publication.columns import Columns
from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.publication.selecting import chosen_rows
from impact.publication.standing import public_columns
from impact.summaries.clustering import within_box
from impact.vocabulary import PeopleKind

FINEST, COARSEST = 6, 1
# About 30 to 60 px across on a screen: the resolution of each zoom, the last one for all beyond.
_RESOLUTIONS = (1, 1, 1, 1, 2, 3, 3, 4, 5, 5, 6)

Ring = tuple[tuple[float, float], ...]
Counted = Iterable[tuple[str, int, int]]  # cell, incidents, people


@dataclass(frozen=True, slots=True)
class Hexagon:
    """An H3 cell, its corners (longitude, latitude; WGS 84 degrees), and what was published within.

    `people` is the sum of those whom the incidents count, each range with its lower bound.
    """

    cell: str
    ring: Ring
    incidents: int
    people: int


def resolution_of(zoom: int) -> int:
    """The H3 resolution that a web map shows at a zoom."""
    return _RESOLUTIONS[min(zoom, len(_RESOLUTIONS) - 1)]


def hexagons(zoom: int, chosen: IncidentFilter | None = None) -> list[Hexagon]:
    """The hexagons of what passes the filter, the largest first.

    A hexagon is never smaller than the one an incident was published with: where that is the larger one,
    it stays. So each incident is in one hexagon, and the counts add up at every zoom.
    """
    chosen = chosen or IncidentFilter()
    columns = public_columns()
    counted = _by_database(chosen) if columns is None else _by_columns(columns, chosen)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    resolution = resolution_of(zoom)
    for cell, count, harmed in counted:
        shown = h3.cell_to_parent(cell, min(resolution, h3.get_resolution(cell)))
        sums[shown][0] += count
        sums[shown][1] += harmed
    found = [Hexagon(cell, ring_of(cell), *numbers) for cell, numbers in sums.items()]
    return sorted(found, key=lambda one: (h3.get_resolution(one.cell), one.cell))


def _by_columns(columns: Columns, chosen: IncidentFilter) -> Counted:
    rows, points = columns.rows, columns.words.points.words
    point, people = rows.point, rows.people
    if chosen != IncidentFilter():
        flags = chosen_rows(columns, chosen)
        point, people = point[flags], people[flags]
    counts = np.bincount(point)
    harmed = np.bincount(point, people).astype(np.int64)  # exact: far below 2**53
    for number in np.flatnonzero(counts).tolist():
        if cell := points[number][2]:
            yield cell, int(counts[number]), int(harmed[number])


def _by_database(chosen: IncidentFilter) -> Counted:
    incidents = published_incidents(replace(chosen, bbox=None)).exclude(cell="").order_by()
    if chosen.bbox:
        incidents = within_box(incidents, chosen.bbox)
    people: list[Coalesce] = [Coalesce(F(kind), Value(0)) for kind in PeopleKind.values]
    return incidents.values_list("cell").annotate(
        count=Count("pk"), harmed=Sum(sum(people[1:], people[0]), output_field=IntegerField())
    )


@lru_cache(maxsize=20_000)
def ring_of(cell: str) -> Ring:
    """The corners of an H3 cell, closed; beyond 180 degrees where it lies across the antimeridian."""
    middle = h3.cell_to_latlng(cell)[1]
    corners = [
        (round(longitude + 360 * round((middle - longitude) / 360), 4), round(latitude, 4))
        for latitude, longitude in h3.cell_to_boundary(cell)
    ]
    return (*corners, corners[0])
