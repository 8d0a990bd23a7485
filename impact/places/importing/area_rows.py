"""From the rows of a file to producing areas that can be stored; what cannot is reported with its row."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import country_at, country_shape
from impact.places.importing.columns import ColumnMap, can_place, column_map, language_of
from impact.places.importing.corners import corner_column, outline, sites
from impact.places.importing.countries import country_code, is_near_country, nearest_country
from impact.places.importing.days import span_of
from impact.places.importing.geometries import (
    Mended,
    Unusable,
    refuse_unknown_crs,
    swapped,
    to_degrees,
    usable_geometry,
)
from impact.places.importing.minerals import is_processing_only, kind_of, minerals_of
from impact.places.importing.progress import Progress
from impact.places.importing.report import ImportReport
from impact.places.importing.row_geometries import RawPlace, RowGeometries
from impact.places.importing.source import ImportRefused, SourceRow, SourceTable, cell_text
from impact.places.importing.visits import Visits
from impact.vocabulary import AreaKind

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class AreaOptions:
    """What the caller says about a file. `country` and `kind` are for the rows that name none."""

    source_name: str
    licence: str = ""
    country: str = ""
    columns: ColumnMap = field(default_factory=dict)
    crs: CRS | None = None
    line_end: str = ""
    kind: AreaKind = AreaKind.UNKNOWN
    is_approximate: bool = False
    source_date: date | None = None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A producing area to be: `key` identifies it in the source; the geometry is valid, in WGS 84 degrees."""

    number: int
    key: str
    name: str
    aliases: tuple[tuple[str, str], ...]  # name and language, which may be empty
    country: str
    kind: AreaKind
    minerals: tuple[str, ...]
    operator: str
    title_holder: str
    active_from: date | None
    active_to: date | None
    source_date: date | None
    geometry: BaseGeometry
    accuracy_m: float | None
    source: str
    note: str


class AreaReader:
    """Reads the rows of one table; `report` gets what was skipped, mended and doubtful."""

    def __init__(self, table: SourceTable, options: AreaOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._table = table
        self._crs = options.crs or table.crs
        self._line_end = options.line_end or "start"
        preferred_name = {"start": "from", "end": "to"}.get(self._line_end, "")
        self._columns = column_map(table.columns, options.columns, preferred_name=preferred_name)
        asked_for_columns = any(field in options.columns for field in ("lat", "lon", "wkt", "point", "mgrs"))
        self._has_geometry = not asked_for_columns and table.has_geometry
        if not self._has_geometry and not can_place(self._columns):
            raise ImportRefused(
                "it has no geometry and no columns with coordinates: name them with --map lat=… --map lon=…; "
                f"its columns are {', '.join(table.columns) or 'none'}"
            )
        self._geometries = RowGeometries(
            self._columns, has_geometry=self._has_geometry, has_crs=self._crs is not None
        )
        self._corners = "" if self._has_geometry else corner_column(table.columns)
        if not (self._columns["id"] or self._columns["name"]):
            self._corners = ""
        self._outlines = 0
        self._visits = Visits()
        self._has_ids = self._id_column_is_unique()
        self._seen: dict[bytes, int] = {}
        self._lines = 0
        # Keys of rows that are in the source but could not be used: they are not gone from it.
        self.unusable: set[str] = set()

    def areas(self, progress: Progress) -> Iterator[AreaRow]:
        """The areas of all rows that give one, in the order of the file. Raises ImportRefused."""
        rows = self._sites()
        done = 0
        while batch := list(islice(rows, _BATCH)):
            placed = [
                (row, raw) for row, corners in batch if (raw := self._raw_place(row, corners)) is not None
            ]
            geometries = [raw.geometry for _, raw in placed]
            if not done:
                is_map = self._table.is_map and self._has_geometry
                refuse_unknown_crs(geometries, self._crs, is_map=is_map)
            for (row, raw), degrees in zip(placed, self._in_degrees(placed), strict=True):
                try:
                    yield self._area(row, degrees, raw.accuracy_m)
                except Unusable as reason:
                    self._skip(row, str(reason))
            done += len(batch)
            progress(done, max(done, self._table.count or 0))
        if self._outlines:
            self._report.notes.append(
                f"column {self._corners} counts corners: {self._outlines} outlines were made of them, in the "
                "order of their rows"
            )
        if self._lines:
            end = {
                "start": "taken as points at their start",
                "end": "taken as points at their end",
                "centre": "taken as points at their middle",
                "whole": "kept whole",
            }[self._line_end]
            hint = "" if self._options.line_end else "; --line-end chooses start, end, centre or whole"
            self._report.notes.append(f"{self._lines} lines were {end}{hint}")

    def _area(self, row: SourceRow, degrees: BaseGeometry, accuracy_m: float | None) -> AreaRow:
        if later := self._visits.later_than(row.number):
            raise Unusable(f"row {later} is a later visit to the same site")
        kind_text = self._text(row, "kind")
        if is_processing_only(kind_text):
            raise Unusable(f"{kind_text}: nothing is dug there")
        self._lines += degrees.geom_type in {"LineString", "MultiLineString"}
        mended, country = self._placed(row, degrees)
        name = self._text(row, "name")
        digest = _digest(name, degrees)
        key = self._text(row, "id")[:200] if self._has_ids else digest
        if not key:
            raise Unusable("it has no identifier")
        if same := self._seen.get(digested := hashlib.blake2b(key.encode(), digest_size=12).digest()):
            raise Unusable(f"the same {'identifier' if self._has_ids else 'area'} as row {same}")
        self._seen[digested] = row.number
        if fault := "; ".join(filter(None, (row.fault, mended.fault))):
            self._report.mend(row.number, fault)
        active, stated_m = self._active(row), _length_m(self._text(row, "accuracy_m"))
        return AreaRow(
            number=row.number,
            key=key,
            name=(name or f"Unnamed area {key if self._has_ids else digest[:8]}")[:200],
            aliases=self._aliases(row, name),
            country=country,
            kind=kind_of(kind_text) or self._options.kind,
            minerals=tuple(minerals_of(self._texts(row, "minerals"))),
            operator=self._text(row, "operator")[:200],
            title_holder=self._text(row, "title_holder")[:200],
            active_from=active[0],
            active_to=active[1],
            source_date=self._day(row, "source_date") or self._options.source_date,
            geometry=mended.geometry,
            accuracy_m=accuracy_m if stated_m is None else stated_m,
            source=(self._text(row, "source") or self._options.source_name)[:300],
            note=self._text(row, "note"),
        )

    def was_seen(self, key: str) -> bool:
        """Whether the file has a row with this identifier, usable or not."""
        return key in self.unusable or hashlib.blake2b(key.encode(), digest_size=12).digest() in self._seen

    def _placed(self, row: SourceRow, degrees: BaseGeometry) -> tuple[Mended, str]:
        """The geometry to store and its country; swapped coordinates turned where the country proves it."""
        try:
            mended = usable_geometry(degrees, self._line_end)
            return mended, self._country(row, *_inside(mended))
        except Unusable as reason:
            stated = country_code(self._text(row, "country")) or self._options.country
            if "look swapped" not in str(reason) or not stated:
                raise
            turned = usable_geometry(swapped(degrees), self._line_end)
            if country_at(*_inside(turned)) != stated:
                raise
            fault = "latitude and longitude were swapped: turned, it lies in " + stated
            return Mended(turned.geometry, "; ".join(filter(None, (fault, turned.fault)))), stated

    def _sites(self) -> Iterator[tuple[SourceRow, list[SourceRow]]]:
        name_of = (lambda row: self._text(row, "id") or self._text(row, "name")) if self._corners else None
        return sites(self._table.rows, name_of)

    def _raw_place(self, row: SourceRow, corners: Sequence[SourceRow]) -> RawPlace | None:
        stated = country_code(self._text(row, "country")) or self._options.country
        places: list[RawPlace] = []
        try:
            for corner in corners:
                places.append(self._geometries.place_of(corner, stated))
            made = outline(places) if self._corners else places[0]
        except (Unusable, ValueError, shapely.errors.ShapelyError) as reason:
            said = str(reason).splitlines()[0]
            if self._corners and len(places) < len(corners):
                said = f"its corner in row {corners[len(places)].number}: {said}"
            self._skip(row, said)
            return None
        self._outlines += bool(self._corners)
        return made

    def _in_degrees(self, placed: Sequence[tuple[SourceRow, RawPlace]]) -> Iterator[BaseGeometry]:
        others = iter(to_degrees([raw.geometry for _, raw in placed if not raw.is_degrees], self._crs))
        return (raw.geometry if raw.is_degrees else next(others) for _, raw in placed)

    def _skip(self, row: SourceRow, reason: str) -> None:
        if self._has_ids:
            self.unusable.add(self._text(row, "id")[:200])
        self._report.skip(row.number, reason)

    def _active(self, row: SourceRow) -> tuple[date | None, date | None]:
        first, last = self._day(row, "active_from"), self._day(row, "active_to", is_end=True)
        if first and last and first > last:
            self._report.doubt(row.number, f"it says that it was worked from {first} until {last}: left out")
            return None, None
        return first, last

    def _span(self, row: SourceRow, field_name: str) -> tuple[date, date] | None:
        column = self._columns[field_name]
        return span_of(row.values.get(column[0])) if column else None

    def _day(self, row: SourceRow, field_name: str, *, is_end: bool = False) -> date | None:
        column = self._columns[field_name]
        cell = row.values.get(column[0]) if column else None
        span = self._span(row, field_name)
        if span is None and cell_text(cell):
            self._report.doubt(row.number, f"{column[0]} {cell_text(cell)[:40]!r} is not a day: left out")
        return span[is_end] if span else None

    def _country(self, row: SourceRow, longitude: float, latitude: float) -> str:
        words = self._text(row, "country")
        stated = country_code(words) or self._options.country
        actual = country_at(longitude, latitude)
        if stated and actual != stated and not is_near_country(longitude, latitude, stated):
            if country_at(latitude, longitude) == stated:
                raise Unusable(f"latitude and longitude look swapped: as they stand it is not in {stated}")
            if actual and country_shape(stated):
                self._report.doubt(row.number, f"it says {stated} but lies in {actual}")
        if stated:
            return stated
        found = nearest_country(longitude, latitude)
        if not found and country_at(latitude, longitude):
            raise Unusable("latitude and longitude look swapped: as they stand it is at sea")
        if not found:
            raise Unusable("it lies in no country that the basemap knows: say which with --country")
        if words:
            self._report.doubt(row.number, f"country {words!r} is not known; it lies in {found}")
        return found

    def _id_column_is_unique(self) -> bool:
        if not self._columns["id"]:
            return False
        if "id" in self._options.columns:
            return True
        self._visits = Visits()
        for row, _corners in self._sites():
            identifier, day = self._text(row, "id"), self._span(row, "source_date")
            if why := self._visits.objection(row.number, identifier, self._text(row, "name"), day):
                # A column that only looks like an identifier is not used as one.
                column = self._columns["id"][0]
                self._report.notes.append(
                    f"{column} is not taken as the identifier, for in row {row.number} it {why}: "
                    f"areas are known again by name and place; --map id={column} insists"
                )
                self._visits = Visits()
                return False
        return True

    def _texts(self, row: SourceRow, field_name: str) -> list[str]:
        return [cell_text(row.values.get(column)) for column in self._columns[field_name]]

    def _text(self, row: SourceRow, field_name: str) -> str:
        return next(iter(self._texts(row, field_name)), "")

    def _aliases(self, row: SourceRow, name: str) -> tuple[tuple[str, str], ...]:
        names: dict[tuple[str, str], None] = {}
        for column in self._columns["aliases"]:
            cell = cell_text(row.values.get(column))
            for alias in cell.replace(";", "|").split("|"):
                if alias.strip() not in {"", name}:
                    names[alias.strip()[:200], language_of(column)] = None
        return tuple(names)


def _inside(mended: Mended) -> tuple[float, float]:
    inside = shapely.point_on_surface(mended.geometry)
    return inside.x, inside.y


def _digest(name: str, geometry: BaseGeometry) -> str:
    """The same for the same name and place: what a row without an identifier is known by from then on."""
    rounded = shapely.transform(shapely.force_2d(geometry), lambda coordinates: np.round(coordinates, 6))
    content = name.encode() + b"\n" + shapely.to_wkb(shapely.normalize(rounded), byte_order=1)
    return hashlib.sha256(content).hexdigest()[:32]


def _length_m(text: str) -> float | None:
    try:
        length_m = float(text)
    except ValueError:
        return None
    return length_m if math.isfinite(length_m) and length_m >= 0 else None
