"""Data files of a snapshot. Each names its snapshot and digest: whoever holds the file can check it."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone, translation

from impact.publication.models import Snapshot
from impact.summaries.formats import (
    area_files,
    csv_file,
    gdal_files,
    geojson_file,
    geopackage_file,
    parquet_file,
    xlsx_file,
)
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.csv_file import csv_lines
from impact.summaries.formats.gdal_files import copy_file
from impact.summaries.formats.options import ExportOptions

Beside = Callable[[BinaryIO], Any]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One kind of file: what it is called and how it is written, to a stream, or as a file by a library that
    writes no streams.

    `holds_dictionary`: whether the file itself says what its columns mean; if not, a table goes beside it.
    `holds_areas`: whether it has the producing areas too, and which incident is near which; if not, two
    files with them go beside it.
    """

    label: str
    extension: str
    media_type: str
    write: Callable[[Snapshot, BinaryIO, ExportOptions], None] | None = None
    write_file: Callable[[Snapshot, Path, ExportOptions], None] | None = None
    holds_dictionary: bool = True
    holds_areas: bool = False


FORMATS: dict[str, ExportFormat] = {
    "geojson": ExportFormat("GeoJSON", "geojson", "application/geo+json", geojson_file.write),
    "csv": ExportFormat("CSV", "csv", "text/csv; charset=utf-8", csv_file.write, holds_dictionary=False),
    "gpkg": ExportFormat(
        "GeoPackage",
        "gpkg",
        "application/geopackage+sqlite3",
        write_file=geopackage_file.write_file,
        holds_areas=True,
    ),
    "shp": ExportFormat("Shapefile", "zip", "application/zip", gdal_files.write_shapefile, holds_areas=True),
    "kml": ExportFormat(
        "KML",
        "kml",
        "application/vnd.google-earth.kml+xml",
        write_file=gdal_files.write_kml,
        holds_dictionary=False,
    ),
    "xlsx": ExportFormat(
        "XLSX",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_file.write,
        holds_areas=True,
    ),
    "parquet": ExportFormat("GeoParquet", "parquet", "application/vnd.apache.parquet", parquet_file.write),
    "fgb": ExportFormat(
        "FlatGeobuf",
        "fgb",
        "application/flatgeobuf",
        write_file=gdal_files.write_flatgeobuf,
        holds_dictionary=False,
    ),
}


class UnknownFormat(ValueError):
    """A format that no file here has; the message names those that there are."""


def write_export(
    snapshot: Snapshot, name: str, stream: BinaryIO, options: ExportOptions | None = None
) -> None:
    """Write the file of a snapshot in one of FORMATS. The same snapshot and options give the same bytes.

    Raises UnknownFormat, and TooManyRows for a workbook.
    """
    options, chosen = options or ExportOptions(), _format(name)
    with translation.override(options.language), timezone.override(UTC):
        if chosen.write is not None:
            chosen.write(snapshot, stream, options)
            return
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "export"
        write_export_file(snapshot, name, file, options)
        copy_file(file, stream)


def write_export_file(
    snapshot: Snapshot, name: str, file: Path, options: ExportOptions | None = None
) -> None:
    """The same bytes at a path, whatever it is called: large files need not be copied."""
    options, chosen = options or ExportOptions(), _format(name)
    if chosen.write_file is None:
        with file.open("wb") as stream:
            write_export(snapshot, name, stream, options)
        return
    # GDAL goes by the ending of the name.
    with tempfile.TemporaryDirectory(dir=file.parent) as directory:
        part = Path(directory) / f"export.{chosen.extension}"
        with translation.override(options.language), timezone.override(UTC):
            chosen.write_file(snapshot, part, options)
        part.replace(file)


def _format(name: str) -> ExportFormat:
    if name not in FORMATS:
        raise UnknownFormat(f"{name} is not one of: {', '.join(FORMATS)}")
    return FORMATS[name]


def files_beside(snapshot: Snapshot, name: str, options: ExportOptions) -> Iterator[tuple[str, Beside]]:
    """What a file of one table needs beside it: (the end of its name, what writes it to a stream)."""
    chosen = _format(name)
    if not chosen.holds_dictionary:
        yield ".dictionary.csv", lambda stream: stream.write(dictionary_file(snapshot, options))
    if not chosen.holds_areas and not options.is_acled_style:
        yield ".areas.geojson", partial(area_files.write_areas, snapshot, options)
        yield ".incident_areas.csv", partial(area_files.write_links, snapshot)


def dictionary_file(snapshot: Snapshot, options: ExportOptions) -> bytes:
    """The data dictionary as CSV, with where the data are from: for files that cannot hold it."""
    with translation.override(options.language):
        rows = [["column", "meaning", "values", "hxl"]]
        rows += [[note.name, note.meaning, note.values, note.hxl] for note in data_dictionary()]
        rows += [[f"# {name}", value, "", ""] for name, value in provenance(snapshot).items()]
        return csv_lines(rows)
