"""Points for a map at a zoom: masked points grouped in a fixed grid, counted exactly.

From the columns that the process holds; by the database while those are read for the first time.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg, CharField, Count, F, FloatField, Max, Q
from django.db.models.functions import Cast, Floor

from impact.places.boxes import Box
from impact.publication.columns.rows import Columns, Flags, Whole
from impact.publication.columns.selecting import chosen_rows, points_within
from impact.publication.columns.standing import public_columns
from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.vocabulary import Theme

CELLS_A_TILE = 4  # a tile of 256 px: groups are about 64 px apart, room for a ring and its count
_THEMES = tuple(Theme.values)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Incidents drawn as one: the mean of their masked points, and how many of each theme.

    `incident_id` is set when there is only one.
    """

    longitude: float
    latitude: float
    count: int
    by_theme: dict[str, int]
    incident_id: str | None


def clusters(bbox: Box, zoom: int, chosen: IncidentFilter | None = None) -> list[Cluster]:
    """The clusters of a box (west, south, east, north; WGS 84) at a web map's zoom, largest first.

    A box may cross the antimeridian (west greater than east). The counts of a box add up to the
    incidents with a point in it, at every zoom.
    """
    chosen = chosen or IncidentFilter()
    columns = public_columns()
    if columns is None:
        return clusters_by_database(bbox, zoom, chosen)
    return _clusters_of_columns(columns, bbox, zoom, chosen)


def _clusters_of_columns(columns: Columns, bbox: Box, zoom: int, chosen: IncidentFilter) -> list[Cluster]:
    flags = None if chosen == IncidentFilter() else chosen_rows(columns, chosen)
    by_theme = columns.by_theme if flags is None else columns.count(flags)
    by_point = by_theme.sum(axis=0)
    points = np.flatnonzero(points_within(columns, bbox) & (by_point > 0))
    weights = by_point[points]
    squares, number = columns.points.grid(_grid_size(zoom))
    totals = np.bincount(squares[points], weights, minlength=number)
    cells = np.flatnonzero(totals)
    totals = totals[cells]
    group = np.searchsorted(cells, squares[points])
    longitude, latitude = columns.points.longitude[points], columns.points.latitude[points]
    longitudes = np.round(np.bincount(group, longitude * weights) / totals, 5).tolist()
    latitudes = np.round(np.bincount(group, latitude * weights) / totals, 5).tolist()
    of_themes = np.array([np.bincount(group, of_one[points], minlength=len(cells)) for of_one in by_theme])
    alone = _ids_of(columns, flags, points[totals[group] == 1])
    one_point = np.zeros(len(cells), dtype=np.int64)
    one_point[group] = points
    order = np.argsort(-totals, kind="stable")
    counts, at = totals[order].astype(np.int64), one_point[order]
    told = of_themes.T[order].astype(np.int64)
    return [
        Cluster(longitudes[index], latitudes[index], count, _told(columns, numbers), alone.get(point))
        for index, count, numbers, point in zip(
            order.tolist(), counts.tolist(), told.tolist(), at.tolist(), strict=True
        )
    ]


def _told(columns: Columns, numbers: list[int]) -> dict[str, int]:
    counts = dict(zip(columns.words.themes.words, numbers, strict=False))
    return {theme: count for theme in _THEMES if (count := counts.get(theme, 0))}


def _ids_of(columns: Columns, chosen: Flags | None, points: Whole) -> dict[int, str]:
    """The ids of the chosen rows at points that have one each."""
    if not len(points):
        return {}
    is_asked = np.zeros(len(columns.points.longitude), dtype=bool)
    is_asked[points] = True
    asked = is_asked[columns.rows.point]
    rows = np.flatnonzero(asked if chosen is None else asked & chosen)
    halves = columns.rows.ids[rows].tolist()
    return {
        point: str(UUID(int=(high << 64) | low))
        for point, (high, low) in zip(columns.rows.point[rows].tolist(), halves, strict=True)
    }


def clusters_by_database(bbox: Box, zoom: int, chosen: IncidentFilter) -> list[Cluster]:
    """The same, grouped by the database: slow where there is much."""
    size = _grid_size(zoom)
    rows: Any = (
        IncidentFilter(bbox=bbox)
        .apply(published_incidents(chosen).order_by())
        .annotate(
            column=Floor(F("longitude") / size, output_field=FloatField()),
            row=Floor(F("latitude") / size, output_field=FloatField()),
        )
        .values("column", "row")
        .annotate(
            longitude_mean=Avg("longitude"),
            latitude_mean=Avg("latitude"),
            total=Count("pk"),
            one=Max(Cast("pk", CharField(max_length=36))),
            **{f"of_{theme}": Count("pk", filter=Q(theme=theme)) for theme in _THEMES},
        )
        .order_by("-total", "column", "row")
    )
    return [
        Cluster(
            longitude=round(row["longitude_mean"], 5),
            latitude=round(row["latitude_mean"], 5),
            count=row["total"],
            by_theme={theme: row[f"of_{theme}"] for theme in _THEMES if row[f"of_{theme}"]},
            incident_id=str(UUID(row["one"])) if row["total"] == 1 else None,
        )
        for row in rows
    ]


def _grid_size(zoom: int) -> float:
    return 360.0 / float(2**zoom) / CELLS_A_TILE
