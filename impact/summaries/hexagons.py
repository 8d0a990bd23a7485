"""Published incidents by hexagon of a map at a zoom: the fixed H3 cells of publishing, or larger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

import h3
import numpy as np
import numpy.typing as npt
from django.db.models import Count, F, IntegerField, Sum, Value
from django.db.models.functions import Coalesce

from impact.publication.columns.rows import Columns
from impact.publication.columns.selecting import chosen_rows
from impact.publication.columns.standing import public_columns
from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
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
    columns, resolution = public_columns(), resolution_of(zoom)
    counted = _by_database if columns is None else partial(_by_columns, columns)
    found = [Hexagon(cell, ring_of(cell), *numbers) for cell, *numbers in counted(chosen, resolution)]
    return sorted(found, key=lambda one: (h3.get_resolution(one.cell), one.cell))


def _by_columns(columns: Columns, chosen: IncidentFilter, resolution: int) -> Counted:
    point, people = columns.rows.point, columns.rows.people
    if chosen != IncidentFilter():
        flags = chosen_rows(columns, chosen)
        point, people = point[flags], people[flags]
    counts = np.bincount(point, minlength=len(columns.points.cell))
    harmed = np.bincount(point, people, minlength=len(counts))
    there = (counts > 0) & (columns.points.cell > 0)
    cells, group = np.unique(_parents(columns.points.cell[there], resolution), return_inverse=True)
    sums = (np.bincount(group, each[there], minlength=len(cells)).astype(int) for each in (counts, harmed))
    yield from zip((f"{cell:x}" for cell in cells.tolist()), *(each.tolist() for each in sums), strict=True)


def _parents(cells: npt.NDArray[np.uint64], resolution: int) -> npt.NDArray[np.uint64]:
    """Each cell, or its parent where that is the coarser one: the resolution is bits 52 to 55 of an H3 index,
    then come three bits for each of 15 levels, all set below the cell's own (h3geo.org/docs/core-library)."""
    below = np.uint64((1 << 3 * (15 - resolution)) - 1)
    parents = (cells & ~np.uint64(0xF << 52)) | np.uint64(resolution << 52) | below
    return np.where((cells >> np.uint64(52)) & np.uint64(0xF) > resolution, parents, cells)


def _by_database(chosen: IncidentFilter, resolution: int) -> Counted:
    incidents = published_incidents(chosen).exclude(cell="").order_by()
    people: list[Coalesce] = [Coalesce(F(kind), Value(0)) for kind in PeopleKind.values]
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for cell, count, harmed in incidents.values_list("cell").annotate(
        count=Count("pk"), harmed=Sum(sum(people[1:], people[0]), output_field=IntegerField())
    ):
        shown = h3.cell_to_parent(cell, min(resolution, h3.get_resolution(cell)))
        sums[shown][0] += count
        sums[shown][1] += harmed
    return ((cell, count, harmed) for cell, (count, harmed) in sums.items())


@lru_cache(maxsize=20_000)
def ring_of(cell: str) -> Ring:
    """The corners of an H3 cell, closed; beyond 180 degrees where it lies across the antimeridian."""
    middle = h3.cell_to_latlng(cell)[1]
    corners = [
        (round(longitude + 360 * round((middle - longitude) / 360), 4), round(latitude, 4))
        for latitude, longitude in h3.cell_to_boundary(cell)
    ]
    return (*corners, corners[0])
