"""Where a row says that it is: its shape, columns of coordinates, or words that hold a point or a shape."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.importing.bounds import MOST_CORNERS, MOST_NESTED
from impact.places.importing.geometries import Unusable, coordinate, point_in
from impact.places.importing.grids import (
    Zone,
    point_of_utm,
    square_in,
    utm_in,
    zone_in_cell,
    zone_in_heading,
)
from impact.places.importing.source import ImportRefused, SourceRow, cell_text

Columns = Mapping[str, tuple[str, ...]]
_MOST_LONGITUDE, _MOST_LATITUDE = 180.0, 90.0


@dataclass(frozen=True, slots=True)
class RawPlace:
    """A geometry, broken as it may be: in the coordinates of its file, or in WGS 84 degrees already.

    `accuracy_m` where the notation says it, as a square of a grid does.
    """

    geometry: BaseGeometry
    accuracy_m: float | None = None
    is_degrees: bool = False


class RowGeometries:
    """Reads where rows are. `has_geometry`: from their shapes, and not from columns. `has_crs`: the file or
    the caller says what the numbers are, so that nothing is read as a grid by its zone.

    Raises ImportRefused for columns that name two zones, or a grid that is not known here.
    """

    def __init__(self, columns: Columns, *, has_geometry: bool, has_crs: bool) -> None:
        self._columns = columns
        self._has_geometry = has_geometry
        self._has_crs = has_crs
        self._zone = None if has_geometry or has_crs else self._zone_of_headings()

    def place_of(self, row: SourceRow, country: str) -> RawPlace:
        """`country`: that the row names, which decides where a grid leaves two places.

        Raises Unusable, ValueError or ShapelyError, whose first line says why there is none.
        """
        place = self._own(row) if self._has_geometry else self._in_columns(row, country)
        if place is None or place.geometry.is_empty:
            raise Unusable("no coordinates")
        if (corners := shapely.get_num_coordinates(place.geometry)) > MOST_CORNERS:
            raise Unusable(f"{corners:,} corners; at most {MOST_CORNERS:,} are read: simplify it")
        return place

    def _own(self, row: SourceRow) -> RawPlace | None:
        if row.is_unreadable:
            raise Unusable("its geometry cannot be read")
        return RawPlace(row.geometry) if row.geometry is not None else None

    def _in_columns(self, row: SourceRow, country: str) -> RawPlace | None:
        """By the first columns that have something in this row."""
        columns = self._columns
        readers: tuple[tuple[tuple[str, ...], Callable[[SourceRow, str], RawPlace | None]], ...] = (
            (("lat", "lon") if columns["lat"] and columns["lon"] else (), self._numbers),
            (("point",), self._words),
            (("mgrs",), self._square),
            (("wkt",), self._shape),
        )
        there = [(names, read) for names, read in readers if names and all(columns[name] for name in names)]
        for names, read in there:
            if any(self._cell(row, name) for name in names):
                return read(row, country)
        return there[0][1](row, country) if there else None

    def _numbers(self, row: SourceRow, country: str) -> RawPlace:
        x, y = (coordinate(row.values.get(self._columns[name][0])) for name in ("lon", "lat"))
        if self._has_crs or (abs(x) <= _MOST_LONGITUDE and abs(y) <= _MOST_LATITUDE):
            return RawPlace(shapely.Point(x, y))
        if zone := self._zone_of(row):
            return RawPlace(shapely.Point(point_of_utm(x, y, zone, country)), is_degrees=True)
        if self._columns["zone"]:
            raise Unusable(f"{x:.10g}, {y:.10g} are no degrees, and it says no zone of UTM")
        return RawPlace(shapely.Point(x, y))

    def _zone_of(self, row: SourceRow) -> Zone | None:
        cell = self._cell(row, "zone")
        return zone_in_cell(cell, self._cell(row, "hemisphere")) if cell else self._zone

    def _words(self, row: SourceRow, country: str) -> RawPlace:
        cell = self._cell(row, "point")
        if square := square_in(cell):
            return RawPlace(shapely.Point(square[:2]), square[2], is_degrees=True)
        if point := utm_in(cell, country):
            return RawPlace(shapely.Point(point), is_degrees=True)
        return RawPlace(shapely.Point(point_in(row.values.get(self._columns["point"][0]))))

    def _square(self, row: SourceRow, country: str) -> RawPlace:
        cell = self._cell(row, "mgrs")
        square = square_in(cell)
        if square is None:
            raise Unusable(f"{cell[:40]!r} is no square of MGRS" if cell else "no coordinates")
        return RawPlace(shapely.Point(square[:2]), square[2], is_degrees=True)

    def _shape(self, row: SourceRow, country: str) -> RawPlace | None:
        text = self._cell(row, "wkt")
        if text.upper().count("COLLECTION") > MOST_NESTED:  # GEOS goes down as deep as the words do
            raise Unusable(f"{text[:40]!r} has more than {MOST_NESTED} collections within each other")
        try:
            shape = shapely.from_wkt(text or None)
        except shapely.errors.ShapelyError as error:
            raise Unusable(f"{text[:40]!r} is not WKT") from error
        return RawPlace(shape) if shape is not None else None

    def _cell(self, row: SourceRow, field: str) -> str:
        names = self._columns[field]
        return cell_text(row.values.get(names[0])) if names else ""

    def _zone_of_headings(self) -> Zone | None:
        try:
            zones = {
                zone
                for name in ("lon", "lat")
                for heading in self._columns[name]
                if (zone := zone_in_heading(heading))
            }
        except Unusable as reason:
            raise ImportRefused(str(reason)) from None
        if len(zones) > 1:
            raise ImportRefused("its columns of coordinates name two zones: give its system with --crs")
        return next(iter(zones), None)
