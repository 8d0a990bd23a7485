"""From the rows of a file to producing areas that can be stored; what cannot is reported with its row."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import country_at, country_shape
from impact.places.importing.columns import ColumnMap, column_map
from impact.places.importing.countries import country_code, is_near_country, nearest_country
from impact.places.importing.geometries import (
    Unusable,
    coordinate,
    refuse_unknown_crs,
    to_degrees,
    usable_geometry,
)
from impact.places.importing.minerals import is_processing_only, kind_of, minerals_of
from impact.places.importing.progress import Progress
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused, SourceRow, SourceTable, cell_text
from impact.vocabulary import AreaKind


@dataclass(frozen=True, slots=True)
class AreaOptions:
    """What the caller says about a file. `country` and `kind` are for the rows that name none."""

    source_name: str
    licence: str = ""
    country: str = ""
    columns: ColumnMap = field(default_factory=dict)
    crs: CRS | None = None
    point_from: str = ""
    kind: AreaKind = AreaKind.UNKNOWN
    is_approximate: bool = False


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A producing area to be: `key` identifies it in the source; the geometry is valid, in WGS 84 degrees."""

    number: int
    key: str
    name: str
    aliases: tuple[str, ...]
    country: str
    kind: AreaKind
    minerals: tuple[str, ...]
    operator: str
    geometry: BaseGeometry
    accuracy_m: float | None
    source: str
    note: str


class AreaReader:
    """Reads the rows of one table; `report` gets what was skipped, mended and doubtful."""

    def __init__(self, table: SourceTable, options: AreaOptions, report: ImportReport) -> None:
        self._options = options
        self._report = report
        self._rows = table.rows
        self._crs = options.crs or table.crs
        self._point_from = options.point_from or "start"
        line_end = {"start": "from", "end": "to"}.get(self._point_from, "")
        self._columns = column_map(table.columns, options.columns, preferred_name=line_end)
        asked_for_columns = any(field in options.columns for field in ("lat", "lon", "wkt"))
        self._has_geometry = not asked_for_columns and any(row.geometry for row in table.rows)
        if not self._has_geometry and not self._has_coordinates():
            raise ImportRefused(
                "it has no geometry and no columns with coordinates: name them with --map lat=… --map lon=…; "
                f"its columns are {', '.join(table.columns) or 'none'}"
            )
        self._has_ids = self._id_column_is_unique()
        self._seen: dict[str, int] = {}

    def areas(self, progress: Progress) -> Iterator[AreaRow]:
        """The areas of all rows that give one, in the order of the file. Raises ImportRefused."""
        placed = [(row, geometry) for row in self._rows if (geometry := self._raw_geometry(row)) is not None]
        geometries = [geometry for _, geometry in placed]
        refuse_unknown_crs(geometries, self._crs)
        self._note_lines(geometries)
        for done, ((row, _), degrees) in enumerate(
            zip(placed, to_degrees(geometries, self._crs), strict=True), start=1
        ):
            try:
                yield self._area(row, degrees)
            except Unusable as reason:
                self._report.skip(row.number, str(reason))
            progress(done, len(placed))

    def _area(self, row: SourceRow, degrees: BaseGeometry) -> AreaRow:
        kind_text = self._text(row, "kind")
        if is_processing_only(kind_text):
            raise Unusable(f"{kind_text}: nothing is dug there")
        mended = usable_geometry(degrees, self._point_from)
        inside = shapely.point_on_surface(mended.geometry)
        country = self._country(row, inside.x, inside.y)
        name = self._text(row, "name")
        digest = _digest(name, degrees)
        key = self._text(row, "id")[:200] if self._has_ids else digest
        if not key:
            raise Unusable("it has no identifier")
        if key in self._seen:
            raise Unusable(f"the same {'identifier' if self._has_ids else 'area'} as row {self._seen[key]}")
        self._seen[key] = row.number
        if mended.fault:
            self._report.mended.append((row.number, mended.fault))
        return AreaRow(
            number=row.number,
            key=key,
            name=(name or f"Unnamed area {key if self._has_ids else digest[:8]}")[:200],
            aliases=self._aliases(row, name),
            country=country,
            kind=kind_of(kind_text) or self._options.kind,
            minerals=tuple(minerals_of(self._texts(row, "minerals"))),
            operator=self._text(row, "operator")[:200],
            geometry=mended.geometry,
            accuracy_m=_length_m(self._text(row, "accuracy_m")),
            source=(self._text(row, "source") or self._options.source_name)[:300],
            note=self._text(row, "note"),
        )

    def _raw_geometry(self, row: SourceRow) -> BaseGeometry | None:
        try:
            if self._has_geometry:
                if row.is_unreadable:
                    raise Unusable("its geometry cannot be read")
                geometry = row.geometry
            elif self._columns["lon"] and self._columns["lat"]:
                geometry = shapely.Point(self._number(row, "lon"), self._number(row, "lat"))
            else:
                geometry = shapely.from_wkt(self._text(row, "wkt") or None)
            if geometry is None or geometry.is_empty:
                raise Unusable("no coordinates")
        except (Unusable, ValueError, shapely.errors.ShapelyError) as reason:
            self._report.skip(row.number, str(reason).splitlines()[0])
            return None
        return geometry

    def _country(self, row: SourceRow, longitude: float, latitude: float) -> str:
        words = self._text(row, "country")
        stated = country_code(words) or self._options.country
        actual = country_at(longitude, latitude)
        if stated and actual != stated and not is_near_country(longitude, latitude, stated):
            if country_at(latitude, longitude) == stated:
                raise Unusable(f"latitude and longitude look swapped: as they stand it is not in {stated}")
            if actual and country_shape(stated):
                self._report.doubtful.append((row.number, f"it says {stated} but lies in {actual}"))
        if stated:
            return stated
        found = nearest_country(longitude, latitude)
        if not found and country_at(latitude, longitude):
            raise Unusable("latitude and longitude look swapped: as they stand it is at sea")
        if not found:
            raise Unusable("it lies in no country that the basemap knows: say which with --country")
        if words:
            self._report.doubtful.append((row.number, f"country {words!r} is not known; it lies in {found}"))
        return found

    def _has_coordinates(self) -> bool:
        return bool((self._columns["lat"] and self._columns["lon"]) or self._columns["wkt"])

    def _id_column_is_unique(self) -> bool:
        if not self._columns["id"]:
            return False
        if "id" in self._options.columns:
            return True
        # A column that only looks like an identifier is not used as one.
        ids = Counter(self._text(row, "id") for row in self._rows)
        return "" not in ids and max(ids.values(), default=0) == 1

    def _note_lines(self, geometries: list[BaseGeometry]) -> None:
        lines = sum(geometry.geom_type in {"LineString", "MultiLineString"} for geometry in geometries)
        if lines:
            end = {"start": "their start", "end": "their end", "centre": "their middle"}[self._point_from]
            hint = "" if self._options.point_from else "; --point-from chooses start, end or centre"
            self._report.notes.append(f"{lines} lines were taken as points at {end}{hint}")

    def _texts(self, row: SourceRow, field_name: str) -> list[str]:
        return [cell_text(row.values.get(column)) for column in self._columns[field_name]]

    def _text(self, row: SourceRow, field_name: str) -> str:
        return next(iter(self._texts(row, field_name)), "")

    def _number(self, row: SourceRow, field_name: str) -> float:
        return coordinate(row.values.get(self._columns[field_name][0]))

    def _aliases(self, row: SourceRow, name: str) -> tuple[str, ...]:
        names = [alias for cell in self._texts(row, "aliases") for alias in cell.replace(";", "|").split("|")]
        return tuple(dict.fromkeys(alias.strip() for alias in names if alias.strip() not in {"", name}))


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
