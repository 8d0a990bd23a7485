"""Masking: where and when the world may know that something happened. docs/method.md explains it to readers.

The place is the centre of a fixed H3 cell (Uber H3 4), so publishing many incidents of one place
draws the same point each time and averaging them gives nothing away. The cell is never finer than
what is known of the place. The day becomes a week, or a month where the harm is sensitive.
"""

import math
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import h3
from pyproj import Geod

from impact.vocabulary import DatePrecision, Harm

FINEST = 6  # cells of 36 square kilometres, about 4 km from the centre to a corner
FINEST_SENSITIVE = 5  # 250 square kilometres, about 10 km
COARSEST = 2  # past 180 km the country says it better than a point
SENSITIVE_HARMS = frozenset(
    {Harm.SEXUAL_VIOLENCE, Harm.CHILD_LABOUR, Harm.DISAPPEARANCE, Harm.THREATS, Harm.FORCED_LABOUR}
)
# Told in counts only: a text, however careful, can name the person to those who live there.
WORDLESS_HARMS = frozenset({Harm.SEXUAL_VIOLENCE})
_WGS84 = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class MaskedPoint:
    """The centre of the cell in WGS 84 degrees; what happened lies within `uncertainty_m` of it."""

    longitude: float
    latitude: float
    cell: str
    uncertainty_m: float


@dataclass(frozen=True, slots=True)
class CoarseDate:
    from_on: date
    to_on: date
    precision: DatePrecision


def is_sensitive(harms: list[str]) -> bool:
    return any(harm in SENSITIVE_HARMS for harm in harms)


def mask_point(
    longitude: float, latitude: float, uncertainty_m: float, harms: list[str]
) -> MaskedPoint | None:
    """The fixed cell for a point, never finer than its uncertainty; None when only a country is known."""
    finest = FINEST_SENSITIVE if is_sensitive(harms) else FINEST
    for resolution in range(finest, COARSEST - 1, -1):
        cell = h3.latlng_to_cell(latitude, longitude, resolution)
        centre_latitude, centre_longitude = h3.cell_to_latlng(cell)
        radius_m = max(
            _WGS84.inv(centre_longitude, centre_latitude, corner[1], corner[0])[2]
            for corner in h3.cell_to_boundary(cell)
        )
        if radius_m >= uncertainty_m:
            # The cell's radius, and as much again for what was uncertain before: always true, and
            # the same for every incident of a cell, so that it tells nothing about any one of them.
            return MaskedPoint(
                longitude=round(centre_longitude, 5),
                latitude=round(centre_latitude, 5),
                cell=cell,
                uncertainty_m=math.ceil(2 * radius_m / 1000) * 1000.0,
            )
    return None


def coarsen_dates(from_on: date, to_on: date, harms: list[str]) -> CoarseDate:
    """The week (Monday to Sunday) that holds both days, else whole months, else whole years."""
    monday = from_on - timedelta(days=from_on.weekday())
    if to_on <= monday + timedelta(days=6) and not is_sensitive(harms):
        return CoarseDate(monday, monday + timedelta(days=6), DatePrecision.WEEK)
    if (from_on.year, from_on.month) == (to_on.year, to_on.month):
        return CoarseDate(from_on.replace(day=1), _month_end(to_on), DatePrecision.MONTH)
    if (to_on - from_on).days <= 31:
        return CoarseDate(from_on.replace(day=1), _month_end(to_on), DatePrecision.MONTH)
    return CoarseDate(date(from_on.year, 1, 1), date(to_on.year, 12, 31), DatePrecision.YEAR)


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
