"""Data files of a snapshot. Each names its snapshot and digest: whoever holds the file can check it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from impact.publication.models import Snapshot
from impact.summaries.formats import csv_file, geojson_file, geopackage_file


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """One kind of file: how it is written, and what it is called."""

    label: str
    extension: str
    media_type: str
    write: Callable[[Snapshot, BinaryIO], None]


FORMATS: dict[str, ExportFormat] = {
    "geojson": ExportFormat("GeoJSON", "geojson", "application/geo+json", geojson_file.write),
    "csv": ExportFormat("CSV", "csv", "text/csv; charset=utf-8", csv_file.write),
    "gpkg": ExportFormat("GeoPackage", "gpkg", "application/geopackage+sqlite3", geopackage_file.write),
}


class UnknownFormat(ValueError):
    """A format that no file here has; the message names those that there are."""


def write_export(snapshot: Snapshot, name: str, stream: BinaryIO) -> None:
    """Write the file of a snapshot in one of FORMATS. The same snapshot gives the same bytes.

    Raises UnknownFormat.
    """
    chosen = FORMATS.get(name)
    if chosen is None:
        raise UnknownFormat(f"{name} is not one of: {', '.join(FORMATS)}")
    chosen.write(snapshot, stream)
