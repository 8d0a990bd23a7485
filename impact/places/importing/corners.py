"""Tables that have a row for each corner of an outline, as decrees and cadastres print them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import shapely

from impact.places.importing.geometries import Unusable
from impact.places.importing.row_geometries import RawPlace
from impact.places.importing.source import SourceRow
from impact.places.names import fold_letters

_NAMES = frozenset(
    "sommet sommets nsommet nosommet numsommet numerosommet sommetno borne bornes noborne vertex vertices "
    "vertexno vertexid vertexnumber corner corners cornerno cornerid cornernumber vertice numvertice".split()
)
_FEWEST = 3


def corner_column(columns: Iterable[str]) -> str:
    """The column that counts the corners of an outline, "" for a table without one."""
    return next((name for name in columns if re.sub(r"[^a-z]", "", fold_letters(name)) in _NAMES), "")


def sites(
    rows: Iterable[SourceRow], site_of: Callable[[SourceRow], str] | None
) -> Iterator[tuple[SourceRow, list[SourceRow]]]:
    """Each site's first row, and the rows of its corners: those that follow each other and name the same
    site. With None each row is a site of its own."""
    if site_of is None:
        yield from ((row, [row]) for row in rows)
        return
    for site, corners in groupby(rows, site_of):
        together = list(corners)
        yield from [(together[0], together)] if site else [(row, [row]) for row in together]


def outline(places: Sequence[RawPlace]) -> RawPlace:
    """The polygon of some corners, in their order. Raises Unusable where they are too few."""
    points = [(place.geometry.x, place.geometry.y) for place in places]
    if len(set(points)) < _FEWEST:
        raise Unusable(f"{len(set(points))} corners make no outline")
    accuracies = [place.accuracy_m for place in places if place.accuracy_m is not None]
    return RawPlace(shapely.Polygon(points), max(accuracies, default=None), places[0].is_degrees)
