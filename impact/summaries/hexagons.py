"""Published incidents by hexagon of a map at a zoom: the fixed H3 cells of publishing, or larger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import h3
from django.db.models import Count, F, IntegerField, Sum, Value
from django.db.models.functions import Coalesce

from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.summaries.clustering import is_by_cell, published_cells, within_box
from impact.vocabulary import PeopleKind

FINEST, COARSEST = 6, 1
# About 30 to 60 px across on a screen: the resolution of each zoom, the last one for all beyond.
_RESOLUTIONS = (1, 1, 1, 1, 2, 3, 3, 4, 5, 5, 6)

Ring = tuple[tuple[float, float], ...]
Rows = Iterable[tuple[str, int, int]]


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
    # People are counted by cell, not by theme.
    rows = _by_cell(chosen) if is_by_cell(chosen) and not chosen.theme else _by_incident(chosen)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    resolution = resolution_of(zoom)
    for cell, count, harmed in rows:
        shown = h3.cell_to_parent(cell, min(resolution, h3.get_resolution(cell)))
        sums[shown][0] += count
        sums[shown][1] += harmed
    found = [Hexagon(cell, ring_of(cell), *numbers) for cell, numbers in sums.items()]
    return sorted(found, key=lambda one: (h3.get_resolution(one.cell), one.cell))


def _by_cell(chosen: IncidentFilter) -> Rows:
    cells = published_cells(chosen).exclude(cell="").order_by()
    return cells.values_list("cell").annotate(count=Sum("incidents"), harmed=Sum("people"))


def _by_incident(chosen: IncidentFilter) -> Rows:
    incidents = published_incidents(replace(chosen, bbox=None)).exclude(cell="").order_by()
    if chosen.bbox:
        incidents = within_box(incidents, chosen.bbox)
    counted: list[Coalesce] = [Coalesce(F(kind), Value(0)) for kind in PeopleKind.values]
    people = sum(counted[1:], counted[0])
    return incidents.values_list("cell").annotate(
        count=Count("pk"), harmed=Sum(people, output_field=IntegerField())
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
