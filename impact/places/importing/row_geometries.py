"""Where a row says that it is: its shape, columns of coordinates, or words that hold a point or a shape."""

from collections.abc import Mapping

import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.importing.bounds import MOST_CORNERS, MOST_NESTED
from impact.places.importing.geometries import Unusable, coordinate, point_in
from impact.places.importing.source import SourceRow, cell_text

Columns = Mapping[str, tuple[str, ...]]


def raw_geometry(row: SourceRow, columns: Columns, *, has_geometry: bool) -> BaseGeometry:
    """The geometry of a row in the coordinates of its file, broken as it may be.

    Raises Unusable, ValueError or ShapelyError, whose first line says why there is none.
    """
    geometry = _own(row) if has_geometry else _in_columns(row, columns)
    if geometry is None or geometry.is_empty:
        raise Unusable("no coordinates")
    if (corners := shapely.get_num_coordinates(geometry)) > MOST_CORNERS:
        raise Unusable(f"{corners:,} corners; at most {MOST_CORNERS:,} are read: simplify it")
    return geometry


def _own(row: SourceRow) -> BaseGeometry | None:
    if row.is_unreadable:
        raise Unusable("its geometry cannot be read")
    return row.geometry


def _in_columns(row: SourceRow, columns: Columns) -> BaseGeometry | None:
    if columns["lon"] and columns["lat"]:
        return shapely.Point(*(coordinate(row.values.get(columns[name][0])) for name in ("lon", "lat")))
    if columns["point"]:
        return shapely.Point(*point_in(row.values.get(columns["point"][0])))
    return _from_wkt(cell_text(row.values.get(columns["wkt"][0])))


def _from_wkt(text: str) -> BaseGeometry | None:
    if text.upper().count("COLLECTION") > MOST_NESTED:  # GEOS goes down as deep as the words do
        raise Unusable(f"{text[:40]!r} has more than {MOST_NESTED} collections within each other")
    try:
        return shapely.from_wkt(text or None)
    except shapely.errors.ShapelyError as error:
        raise Unusable(f"{text[:40]!r} is not WKT") from error
