"""The shapes of stored producing areas, through the spatial index of either database."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import shapely
from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum

from impact.places.models import ProducingArea
from impact.places.nearness.measuring import AreaShape
from impact.places.nearness.reach_boxes import boxes_around
from impact.sql_marks import marks

AreaRow = tuple[int, bytes, float, float]  # key, WKB, reach and accuracy in metres

_TABLE = "places_producingarea"
_AT_ONCE = 50  # points in one query
_IN_USE = "joined_to_id IS NULL AND retired_on IS NULL"


def shapes_around(longitude: float, latitude: float, within_m: float) -> list[AreaShape]:
    """The areas in use whose bounding boxes touch the box around a point, by the spatial index."""
    return [_shape(row) for row in _around(longitude, latitude, within_m)]


def rows_around_each(points: Sequence[tuple[float, float]], within_m: float) -> list[tuple[AreaRow, ...]]:
    """The same for each of several points (longitude, latitude), in one query, as comparable rows: equal rows
    are areas that nobody changed meanwhile."""
    found = _around_each(points, within_m)
    return [
        tuple(sorted((row[0], bytes(row[2]), reach_m(row[1]), row[3] or 0.0) for row in rows.values()))
        for rows in found
    ]


def shape_of(row: AreaRow) -> AreaShape:
    """A comparable row as a shape."""
    key, wkb, near_m, accuracy_m = row
    return AreaShape(key, shapely.from_wkb(wkb), near_m, accuracy_m)


def shapes_in_use() -> list[AreaShape]:
    """All areas that incidents are linked to."""
    return [_shape(row) for row in _rows(f"WHERE {_IN_USE} ORDER BY id", ())]


def shapes_of(keys: Sequence[int]) -> list[AreaShape]:
    """The shapes of some areas by their keys, whether in use or not."""
    return list(_some(keys))


def areas_by_key(keys: Sequence[int]) -> dict[int, ProducingArea]:
    """Areas by their keys, without their shapes, which are fetched where somebody asks for one.

    Said in SQL: to put the same query together anew took half the time of linking an incident.
    """
    found = ProducingArea.objects.raw(
        f"SELECT {_columns()} FROM {_TABLE} WHERE id IN ({marks(len(keys))})",  # noqa: S608 - names of our own
        list(keys),
    )
    return {area.pk: area for area in found}


def areas_stamp() -> tuple[int, int]:
    """Changes with every change of any area, whatever the order in which they are committed."""
    stamp = ProducingArea.objects.aggregate(count=Count("pk"), versions=Sum("version"))
    return stamp["count"], stamp["versions"] or 0


def reach_m(kind: str) -> float:
    """How far "near" reaches around an area of this kind, in metres."""
    reaches: dict[str, float] = settings.NEAR_M
    return reaches[kind]


def longest_reach_m() -> float:
    return max(settings.NEAR_M.values())


def _around(longitude: float, latitude: float, within_m: float) -> Iterable[Sequence[Any]]:
    return _around_each([(longitude, latitude)], within_m)[0].values()


def _around_each(points: Sequence[tuple[float, float]], within_m: float) -> list[dict[int, Sequence[Any]]]:
    """By key, the rows in the boxes around each point."""
    found: list[dict[int, Sequence[Any]]] = [{} for _ in points]
    for start in range(0, len(points), _AT_ONCE):
        selects, values = [], list[Any]()
        for place, point in enumerate(points[start : start + _AT_ONCE], start):
            for box in boxes_around(*point, within_m):
                condition, bounds = _in_box(*box)
                selects.append(f"SELECT {_shape_columns()}, {place} FROM {_TABLE} {condition}")  # noqa: S608
                values += bounds
        for row in _fetched(" UNION ALL ".join(selects), values):
            found[row[4]][row[0]] = row
    return found


@cache
def _columns() -> str:
    columns = [field.column for field in ProducingArea._meta.concrete_fields if field.name != "geometry"]
    return ", ".join(connection.ops.quote_name(column) for column in columns if column)


def _some(keys: Sequence[int]) -> Iterator[AreaShape]:
    for start in range(0, len(keys), 500):
        some = tuple(keys[start : start + 500])
        yield from map(_shape, _rows(f"WHERE id IN ({marks(len(some))})", some))


def _shape(row: Sequence[Any]) -> AreaShape:
    return AreaShape(int(row[0]), shapely.from_wkb(bytes(row[2])), reach_m(row[1]), row[3] or 0.0)


def _in_box(west: float, south: float, east: float, north: float) -> tuple[str, tuple[float, ...]]:
    if settings.IS_SPATIALITE:
        # `bboverlaps` scans the table on SpatiaLite; the R*Tree beside it does not.
        return (
            f"WHERE id IN (SELECT pkid FROM idx_{_TABLE}_geometry "  # noqa: S608 - names of our own
            f"WHERE xmax >= %s AND xmin <= %s AND ymax >= %s AND ymin <= %s) AND {_IN_USE}",
            (west, east, south, north),
        )
    return f"WHERE geometry && ST_MakeEnvelope(%s, %s, %s, %s, 4326) AND {_IN_USE}", (
        west,
        south,
        east,
        north,
    )


def _rows(condition: str, values: Iterable[Any]) -> list[Sequence[Any]]:
    return _fetched(f"SELECT {_shape_columns()} FROM {_TABLE} {condition}", tuple(values))  # noqa: S608


def _shape_columns() -> str:
    return f"id, kind, {'AsBinary' if settings.IS_SPATIALITE else 'ST_AsBinary'}(geometry), accuracy_m"


def _fetched(sql: str, values: Sequence[Any]) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
