"""The filter on the columns of what is public: the rows that IncidentFilter.apply picks."""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from impact.places.boxes import Box
from impact.places.models import ProducingArea
from impact.places.nearness.areas import boxes_around
from impact.publication.columns.rows import Columns, Flags
from impact.publication.filtering import IncidentFilter, areas_with_mineral

_EPOCH = date(1970, 1, 1)
_WGS84 = Geod(ellps="WGS84")


def chosen_rows(columns: Columns, chosen: IncidentFilter) -> Flags:
    """Which rows pass a filter."""
    rows, words = columns.rows, columns.words
    passes = np.ones(len(rows), dtype=bool)
    by_words: tuple[tuple[npt.NDArray[Any], Any, tuple[str, ...]], ...] = (
        (rows.theme, words.themes, chosen.theme),
        (rows.country, words.countries, chosen.country),
        (rows.perpetrator, words.perpetrators, chosen.perpetrator),
        (rows.verification, words.verifications, chosen.verification),
    )
    for column, codes, wanted in by_words:
        if wanted:
            passes &= _is_any(column, codes.known(wanted))
    if chosen.harm:
        passes &= (rows.harms & sum(1 << code for code in words.harms.known(chosen.harm))) != 0
    if chosen.from_on:
        passes &= rows.occurred_to >= _day(chosen.from_on)  # not what has no day
    if chosen.to_on:
        passes &= rows.occurred_from <= _day(chosen.to_on)
    if chosen.area is not None or chosen.kind or chosen.mineral:
        passes &= _linked(columns, chosen)[rows.links]
    if chosen.bbox:
        passes &= points_within(columns, chosen.bbox)[rows.point]
    if chosen.near:
        passes &= _points_near(columns, chosen.near)[rows.point]
    return passes


def points_within(columns: Columns, bbox: Box) -> Flags:
    """Which points lie in a box (west, south, east, north), also across the antimeridian."""
    west, south, east, north = bbox
    is_east, is_west = columns.points.longitude >= west, columns.points.longitude <= east
    across = is_east & is_west if west <= east else is_east | is_west
    return across & (columns.points.latitude >= south) & (columns.points.latitude <= north)


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _is_any(column: npt.NDArray[Any], codes: Collection[int]) -> Flags:
    found = np.zeros(len(column), dtype=bool)
    for code in codes:
        found |= column == code
    return found


def _points_near(columns: Columns, near: tuple[float, float, float]) -> Flags:
    longitude, latitude, km = near
    within = np.zeros(len(columns.points.longitude), dtype=bool)
    for box in boxes_around(longitude, latitude, km * 1000):
        within |= points_within(columns, box)
    found = np.flatnonzero(within)
    here = np.full(len(found), longitude), np.full(len(found), latitude)
    distance_m = _WGS84.inv(*here, columns.points.longitude[found], columns.points.latitude[found])[2]
    within[found] = distance_m <= km * 1000
    return within


def _linked(columns: Columns, chosen: IncidentFilter) -> Flags:
    """Which sets of producing areas have the area, and a nearest one of the kind and with the mineral."""
    nearest, linked = columns.points.nearest, columns.points.linked
    passes = np.ones(len(nearest), dtype=bool)
    if chosen.area is not None:
        passes[:] = False
        passes[linked[linked[:, 1] == chosen.area, 0]] = True
    if chosen.kind:
        # Asked anew each time: a kind can change without a publication.
        of_kind = ProducingArea.objects.filter(kind__in=chosen.kind).order_by().values_list("pk", flat=True)
        passes &= _is_nearest(nearest, of_kind)
    if chosen.mineral:
        passes &= _is_nearest(nearest, areas_with_mineral(chosen.mineral).values_list("pk", flat=True))
    return passes


def _is_nearest(nearest: npt.NDArray[Any], areas: Any) -> Flags:
    return np.isin(nearest, np.fromiter(areas.iterator(chunk_size=20_000), dtype=np.int64))
