"""Masking: where and when the world may know that something happened. docs/method.md explains it to readers.

The place is the centre of a fixed H3 cell (Uber H3 4), so publishing many incidents of one place
draws the same point each time and averaging them gives nothing away. How large the cell is depends
on what is public anyway: the harm, how densely people live there, and the country. Every coarser cell is
worked out from the finer one and never from the place itself, so that two cells that were published for one
place, on two days or for two harms, hold together no more than the finer one does.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import h3
import shapely
from pyproj import Geod

from impact.places.basemap import country_shape
from impact.places.population import DISTRICT, PROVINCE, people_around
from impact.vocabulary import COUNTED_ONLY_HARMS, Harm

FINEST = 6  # cells of 36 square kilometres, about 4 km from the centre to a corner: where people live densely
USUAL = 5  # 250 square kilometres, about 10 km
SPARSE = 4  # 1,770 square kilometres, about 26 km
EMPTY = 3  # 12,400 square kilometres, about 69 km: no town or village is known there
COARSEST = 2  # past 180 km the country says it better than a point
DENSE_DISTRICT_PEOPLE = 50_000  # 28 a square kilometre
SPARSE_PROVINCE_PEOPLE = 5_000  # less than one in two square kilometres
LEAST_SHARE = 0.25  # of a cell, that has to lie in the country that is published beside it
SENSITIVE_HARMS = frozenset({Harm.CHILD_LABOUR, Harm.DISAPPEARANCE, Harm.THREATS, Harm.FORCED_LABOUR})
_WGS84 = Geod(ellps="WGS84")
# How far from the centre of its cell a place can lie, in radii of the cell: the cells of one parent reach a
# twentieth beyond it (Gosper's island), and a sliver across a border is counted to the cell beside it, once
# a level at most.
_INLAND_RADII = 1.06
_BORDER_RADII = {6: 2.75, 5: 3.45, 4: 3.7, 3: 3.8, 2: 3.85}
_UNEVEN = 1.05  # neighbouring cells of H3 differ a little in size


@dataclass(frozen=True, slots=True)
class MaskedPoint:
    """The centre of the cell in WGS 84 degrees; what happened lies within `uncertainty_m` of it."""

    longitude: float
    latitude: float
    cell: str
    uncertainty_m: float


def is_sensitive(harms: Sequence[str]) -> bool:
    return any(harm in SENSITIVE_HARMS or harm in COUNTED_ONLY_HARMS for harm in harms)


def mask_point(
    longitude: float,
    latitude: float,
    uncertainty_m: float,
    harms: Sequence[str],
    country: str = "",
    kept_cell: str = "",
) -> MaskedPoint | None:
    """The published cell of a point (WGS 84 degrees); None where only the country is known well enough.

    Never finer than the uncertainty. `kept_cell` was published for the incident before: it stays as long as
    it holds the point and is coarse enough, and what is published instead of it is worked out from it.
    """
    cells = {h3.get_resolution(cell): cell for cell in _cells_of(longitude, latitude, country)}
    needed = _needed_resolution(cells[FINEST], uncertainty_m, harms)
    if needed is None:
        return None
    if kept_cell and cells.get(h3.get_resolution(kept_cell)) == kept_cell:
        needed = min(needed, h3.get_resolution(kept_cell))
    cell = cells[needed]
    latitude, longitude = h3.cell_to_latlng(cell)
    return MaskedPoint(round(longitude, 5), round(latitude, 5), cell, published_uncertainty_m(cell, country))


def wider_cell(cell: str, country: str, resolution: int) -> str:
    """The cell of a coarser resolution that a published one is counted to; "" where it is coarser itself."""
    if h3.get_resolution(cell) < resolution:
        return ""
    while h3.get_resolution(cell) > resolution:
        cell = _settled(h3.cell_to_parent(cell), country)
    return cell


@lru_cache(maxsize=10_000)
def published_uncertainty_m(cell: str, country: str) -> float:
    """The radius around a cell's centre within which the true place always lies, in whole kilometres.

    The same for every incident of the cell and country, so that it tells nothing about any one of them:
    how far the place can be from the centre, and the cell's radius again for what was uncertain before.
    """
    is_border = country and any(_share(near, country) < 1.0 for near in h3.grid_disk(cell, 1))
    radii = _BORDER_RADII[h3.get_resolution(cell)] if is_border else _INLAND_RADII
    return math.ceil((radii + 1.0) * _UNEVEN * cell_radius_m(cell) / 1000) * 1000.0


@lru_cache(maxsize=10_000)
def cell_radius_m(cell: str) -> float:
    """Metres from a cell's centre to its farthest corner, on WGS 84."""
    latitude, longitude = h3.cell_to_latlng(cell)
    return max(
        float(_WGS84.inv(longitude, latitude, corner[1], corner[0])[2])
        for corner in h3.cell_to_boundary(cell)
    )


def _cells_of(longitude: float, latitude: float, country: str) -> Iterator[str]:
    """The cell of a point at every resolution, each worked out from the one before, the finest first."""
    cell = _settled(h3.latlng_to_cell(latitude, longitude, FINEST), country)
    yield cell
    while h3.get_resolution(cell) > COARSEST:
        cell = _settled(h3.cell_to_parent(cell), country)
        yield cell


def _needed_resolution(finest_cell: str, uncertainty_m: float, harms: Sequence[str]) -> int | None:
    resolution = _density_resolution(finest_cell) - is_sensitive(harms)
    while resolution >= COARSEST:
        if cell_radius_m(h3.cell_to_parent(finest_cell, resolution)) >= uncertainty_m:
            return resolution
        resolution -= 1
    return None


def _density_resolution(finest_cell: str) -> int:
    """By the people of the district and the province, so that all cells of one parent are of one size."""
    people = people_around(finest_cell, PROVINCE)
    if people < SPARSE_PROVINCE_PEOPLE:
        return SPARSE if people else EMPTY
    return FINEST if people_around(finest_cell, DISTRICT) >= DENSE_DISTRICT_PEOPLE else USUAL


@lru_cache(maxsize=50_000)
def _settled(cell: str, country: str) -> str:
    """The cell, or the neighbour with most of the country in it where the cell itself holds a sliver of it.

    The country is published beside the cell: a sliver of both would be a place.
    """
    if not country or country_shape(country) is None or _share(cell, country) >= LEAST_SHARE:
        return cell
    around: list[str] = sorted(h3.grid_disk(cell, 1))
    return max(around, key=lambda near: (_share(near, country), near == cell))


@lru_cache(maxsize=50_000)
def _share(cell: str, country: str) -> float:
    """How much of a cell lies in a country of the basemap, 0 to 1; in degrees, which is near enough for a
    share."""
    shape = _valid_shape(country)
    if shape is None:
        return 1.0
    corners = [(longitude, latitude) for latitude, longitude in h3.cell_to_boundary(cell)]
    hexagon = shapely.make_valid(shapely.Polygon(corners))
    if shapely.contains(shape, hexagon):
        return 1.0
    if not shapely.intersects(shape, hexagon):
        return 0.0
    return float(shapely.intersection(shape, hexagon).area / hexagon.area)


@cache
def _valid_shape(country: str) -> shapely.Geometry | None:
    shape = country_shape(country)
    if shape is None:
        return None
    valid = shapely.make_valid(shape)
    shapely.prepare(valid)
    return valid
