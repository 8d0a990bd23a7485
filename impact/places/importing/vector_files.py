"""Reading what GDAL reads: GeoJSON, Shapefile, GeoPackage, KML, FlatGeobuf and many more, zipped or not."""

import codecs
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio import raw
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError as UnknownCRSError

from impact.places.importing.json_faults import fault_of_json
from impact.places.importing.source import ImportRefused, Rows, SourceRow, SourceTable
from impact.places.importing.tables import encoding_of

_GDAL_ERRORS = (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
_FOLDERS_AS_LAYERS = frozenset({".kml", ".kmz"})
_MAP_FILES = frozenset({".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".gml", ".tab", ".fgb", ".gpx"})
# These find a feature by its number; the others are parsed from the start, so they are read in larger parts.
_BY_NUMBER = frozenset({".shp", ".gpkg", ".fgb", ".sqlite", ".gdb"})
_PART, _LARGE_PART = 5_000, 200_000
_ENOUGH = 20_000_000  # bytes of a table, to tell its encoding


def read_vector_file(path: Path, *, layer: str = "", encoding: str = "") -> SourceTable:
    """All features of a file, or of one layer of it, read in parts. Raises ImportRefused.

    A KML file's folders are read as one; any other file with several layers needs `layer`. In a zip archive
    the map files count as layers, by their names.
    """
    place, layer = _in_archive(path, layer)
    encoding = encoding or _encoding(path, place)
    try:
        layers = _layers(path, place, layer)
        about = [pyogrio.read_info(place, layer=name, encoding=encoding or None) for name in layers]
    except _GDAL_ERRORS as error:
        raise _refused(path, error) from None
    except LookupError as error:
        raise ImportRefused(str(error)) from None
    counts = [int(info["features"]) for info in about]
    return SourceTable(
        columns=tuple(dict.fromkeys(str(name) for info in about for name in info["fields"])),
        rows=Rows(lambda: _features(path, place, layers, encoding)),
        crs=_crs(about[0]["crs"]),
        has_geometry=any(info["geometry_type"] for info in about),
        is_map=True,
        count=sum(counts) if min(counts) >= 0 else None,
    )


def _features(path: Path, place: str, layers: Sequence[str], encoding: str) -> Iterator[SourceRow]:
    number = 0
    part = _PART if PurePosixPath(place).suffix.lower() in _BY_NUMBER else _LARGE_PART
    for layer in layers:
        start = 0
        while True:
            try:
                meta, _, geometries, columns = raw.read(
                    place,
                    layer=layer,
                    encoding=encoding or None,
                    datetime_as_string=True,
                    skip_features=start,
                    max_features=part,
                )
            except _GDAL_ERRORS as error:
                raise _refused(path, error) from None
            except UnicodeDecodeError:
                said = encoding or "UTF-8"
                raise ImportRefused(
                    f"{path.name}: its text is not {said}: give its encoding with --encoding, such as cp1252"
                ) from None
            names = tuple(str(name) for name in meta["fields"])
            count = len(geometries) if geometries is not None else len(columns[0]) if columns else 0
            for index in range(count):
                number += 1
                yield _row(number, names, [column[index] for column in columns], geometries, index)
            start += count
            if count < part:
                break


def _in_archive(path: Path, layer: str) -> tuple[str, str]:
    """Where GDAL finds the file, and the layer in it: for an archive the map file that is in it."""
    if path.suffix.lower() != ".zip" or not zipfile.is_zipfile(path):
        return str(path), layer
    with zipfile.ZipFile(path) as archive:
        names = [PurePosixPath(name) for name in archive.namelist() if "__MACOSX" not in name]
    databases = [parent for name in names for parent in name.parents if parent.suffix.lower() == ".gdb"]
    files = [*dict.fromkeys(databases), *(name for name in names if name.suffix.lower() in _MAP_FILES)]
    if not files:
        raise ImportRefused(f"{path.name} has no map file in it that we know")
    chosen = [file for file in files if layer in {file.stem, file.name}] if len(files) > 1 else files
    if len(chosen) != 1:
        raise ImportRefused(
            f"{path.name} has several files, choose with --layer: {', '.join(file.stem for file in files)}"
        )
    inside = "" if layer in {chosen[0].stem, chosen[0].name} else layer
    return f"/vsizip/{path.resolve()}/{chosen[0]}", inside


def _layers(path: Path, place: str, layer: str) -> Sequence[str]:
    listed = pyogrio.list_layers(place)
    names = [str(name) for name, _ in listed]
    with_geometry = [str(name) for name, geometry_type in listed if geometry_type]
    if layer:
        if layer not in names:
            raise ImportRefused(f"{path.name} has no layer {layer!r}; it has: {', '.join(names)}")
        return (layer,)
    if PurePosixPath(place).suffix.lower() in _FOLDERS_AS_LAYERS:
        return with_geometry or names
    if len(with_geometry) > 1:
        raise ImportRefused(
            f"{path.name} has several layers, choose with --layer: {', '.join(with_geometry)}"
        )
    if not names:
        raise ImportRefused(f"{path.name} has no layers")
    return with_geometry or names[:1]


def _row(number: int, names: tuple[str, ...], values: list[Any], geometries: Any, index: int) -> SourceRow:
    wkb = geometries[index] if geometries is not None else None
    geometry = shapely.from_wkb(wkb, on_invalid="ignore") if wkb is not None else None
    is_mended = geometry is None and wkb is not None
    if is_mended:
        geometry = shapely.from_wkb(wkb, on_invalid="fix")
    return SourceRow(
        number=number,
        values=dict(zip(names, map(_plain, values), strict=True)),
        geometry=geometry,
        is_unreadable=wkb is not None and geometry is None,
        fault="a ring was not closed" if is_mended else "",
    )


def _plain(value: Any) -> Any:
    """A cell as Python has it; a list (GeoJSON, GeoPackage, GML) as its parts with semicolons between."""
    if isinstance(value, np.ndarray):
        return "; ".join(str(part) for part in value.tolist())
    return value.item() if isinstance(value, np.generic) else value


def _encoding(path: Path, place: str) -> str:
    """The encoding that GDAL cannot know: of a Shapefile that names none, of GeoJSON that is not UTF-8.

    "" where it knows. RFC 7946 asks for UTF-8, but not all that is called GeoJSON is in it.
    """
    stem, _, suffix = place.rpartition(".")
    if suffix.lower() == "shp":
        is_said = any(_content(path, f"{stem}.{ending}") for ending in ("cpg", "CPG"))
        table = _content(path, f"{stem}.dbf") or _content(path, f"{stem}.DBF")
        return "" if is_said or not _is_utf8(table[_rows_begin(table) :]) else "utf-8"
    if suffix.lower() in {"geojson", "json"} and place == str(path):
        return "" if encoding_of(path) in {"utf-8-sig", "utf-16"} else "cp1252"
    return ""


def _content(path: Path, place: str) -> bytes:
    """What a file beside the map file, or in the same archive, begins with; empty where there is none."""
    try:
        if place.startswith("/vsizip/"):
            inside = place.removeprefix(f"/vsizip/{path.resolve()}/")
            with zipfile.ZipFile(path) as archive, archive.open(inside) as part:
                return part.read(_ENOUGH)
        with open(place, "rb") as beside:
            return beside.read(_ENOUGH)
    except (OSError, KeyError, zipfile.BadZipFile):
        return b""


def _rows_begin(table: bytes) -> int:
    return int.from_bytes(table[8:10], "little")  # dBASE III: the length of its header


def _is_utf8(content: bytes) -> bool:
    """Whether there are other letters than ASCII, in UTF-8: no other encoding's text is so by chance."""
    try:
        # It can be cut within a letter.
        return not content.isascii() and bool(codecs.getincrementaldecoder("utf-8")().decode(content))
    except UnicodeDecodeError:
        return False


def _crs(text: str | None) -> CRS | None:
    if not text:
        return None
    try:
        return CRS.from_user_input(text)
    except UnknownCRSError:
        raise ImportRefused("its coordinate system is not one that we know: give it with --crs") from None


def _refused(path: Path, error: Exception) -> ImportRefused:
    reason = str(error).splitlines()[0].split(";")[0]
    if "GeoJSON" in reason and path.is_file():
        reason = fault_of_json(path) or reason
    return ImportRefused(f"{path.name} cannot be read as a map file: {reason}")
