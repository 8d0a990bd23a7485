"""Reading what GDAL reads: GeoJSON, Shapefile, GeoPackage, KML, FlatGeobuf and many more."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyogrio import raw
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError as UnknownCRSError

from impact.places.importing.source import ImportRefused, SourceRow, SourceTable

_GDAL_ERRORS = (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
_FOLDERS_AS_LAYERS = frozenset({".kml", ".kmz"})


def read_vector_file(path: Path, *, layer: str = "", encoding: str = "") -> SourceTable:
    """All features of a file, or of one layer of it. Raises ImportRefused.

    A KML file's folders are read as one; any other file with several layers needs `layer`.
    """
    try:
        tables = [_read_layer(path, name, encoding) for name in _layers(path, layer)]
    except _GDAL_ERRORS as error:
        reason = str(error).splitlines()[0].split(";")[0]
        raise ImportRefused(f"{path.name} cannot be read as a map file: {reason}") from None
    except LookupError as error:
        raise ImportRefused(str(error)) from None
    columns = tuple(dict.fromkeys(column for table in tables for column in table.columns))
    rows = [row for table in tables for row in table.rows]
    return SourceTable(
        columns=columns,
        rows=tuple(
            SourceRow(number, row.values, row.geometry, row.is_unreadable)
            for number, row in enumerate(rows, start=1)
        ),
        crs=tables[0].crs,
        has_geometry=any(table.has_geometry for table in tables),
    )


def _layers(path: Path, layer: str) -> Sequence[str]:
    names = [str(name) for name, _ in pyogrio.list_layers(path)]
    with_geometry = [str(name) for name, geometry_type in pyogrio.list_layers(path) if geometry_type]
    if layer:
        if layer not in names:
            raise ImportRefused(f"{path.name} has no layer {layer!r}; it has: {', '.join(names)}")
        return (layer,)
    if path.suffix.lower() in _FOLDERS_AS_LAYERS:
        return with_geometry or names
    if len(with_geometry) > 1:
        raise ImportRefused(
            f"{path.name} has several layers, choose with --layer: {', '.join(with_geometry)}"
        )
    if not names:
        raise ImportRefused(f"{path.name} has no layers")
    return with_geometry or names[:1]


def _read_layer(path: Path, layer: str, encoding: str) -> SourceTable:
    meta, _, geometries, columns = raw.read(
        path, layer=layer, encoding=encoding or None, datetime_as_string=True, force_2d=True
    )
    names = tuple(str(name) for name in meta["fields"])
    count = len(geometries) if geometries is not None else len(columns[0]) if columns else 0
    return SourceTable(
        columns=names,
        rows=tuple(
            _row(names, [column[index] for column in columns], geometries, index) for index in range(count)
        ),
        crs=_crs(meta["crs"]),
        has_geometry=geometries is not None,
    )


def _row(names: tuple[str, ...], values: list[Any], geometries: Any, index: int) -> SourceRow:
    wkb = geometries[index] if geometries is not None else None
    geometry = shapely.from_wkb(wkb, on_invalid="ignore") if wkb is not None else None
    return SourceRow(
        number=index + 1,
        values=dict(
            zip(names, (getattr(value, "item", lambda v=value: v)() for value in values), strict=True)
        ),
        geometry=geometry,
        is_unreadable=wkb is not None and geometry is None,
    )


def _crs(text: str | None) -> CRS | None:
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except UnknownCRSError:
        raise ImportRefused("its coordinate system is not one that we know: give it with --crs") from None
