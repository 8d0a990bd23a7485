"""How many people the shipped gazetteer knows of around a place: dense country or sparse.

Towns and villages only, summed over H3 cells (Uber H3 4). A village whose population GeoNames does not give
counts as 500. The file is a release's own, so the same place is as dense on every installation and on every
day.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Mapping
from functools import cache

import h3

from impact.places.gazetteer import DATA_DIR

DISTRICT = 4  # cells of some 1,770 square kilometres
PROVINCE = 3  # cells of some 12,400 square kilometres
REGION = 2  # cells of some 86,800 square kilometres
_CHILDREN = 7
_UNCOUNTED_VILLAGE = 500


def people_around(cell: str, resolution: int) -> int:
    """People whom the gazetteer lists in the ancestor of an H3 cell at a resolution, DISTRICT or coarser."""
    return _people(resolution).get(h3.cell_to_parent(cell, resolution), 0)


def people_in(cell: str) -> float:
    """How many people live in a cell, about: those of the district or what is coarser, by their share of
    the area."""
    resolution = int(h3.get_resolution(cell))
    for known in (DISTRICT, PROVINCE, REGION):
        if known <= resolution and (people := people_around(cell, known)):
            return float(people / _CHILDREN ** (resolution - known))
    return float(people_around(cell, resolution)) if resolution <= DISTRICT else 0.0


@cache
def _people(resolution: int) -> Mapping[str, int]:
    people: Counter[str] = Counter()
    with gzip.open(DATA_DIR / "gazetteer.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["feature_code"].startswith(
                "P"
            ):  # GeoNames: populated places; districts would count them twice
                cell = h3.latlng_to_cell(float(row["lat"]), float(row["lon"]), resolution)
                people[cell] += int(row["population"] or 0) or _UNCOUNTED_VILLAGE
    return people
