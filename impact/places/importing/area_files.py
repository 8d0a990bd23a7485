"""Which reader a file of areas needs, by its ending or, from standard input, by its first bytes."""

import shutil
import tempfile
import zipfile
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from impact.places.importing.bounds import refuse_bomb
from impact.places.importing.columns import ColumnMap, has_coordinates
from impact.places.importing.source import ImportRefused, SourceTable
from impact.places.importing.tables import read_csv_table, read_workbook

_TEXT_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt"})
_WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def read_area_file(path: Path, columns: ColumnMap, *, layer: str = "", encoding: str = "") -> SourceTable:
    """All rows of a file that GDAL, the CSV reader or the workbook reader reads. Raises ImportRefused."""
    if not path.exists():
        raise ImportRefused(f"there is no file {path}")
    if path.is_file() and not path.stat().st_size:
        raise ImportRefused(f"{path.name} is empty")
    refuse_bomb(path)
    suffix = path.suffix.lower()
    try:
        if suffix in _TEXT_TABLES:
            return read_csv_table(path, lambda header: has_coordinates(header, columns), encoding=encoding)
        if suffix in _WORKBOOKS:
            return read_workbook(path, lambda header: has_coordinates(header, columns), sheet=layer)
    except OSError as error:
        raise ImportRefused(f"{path.name} cannot be read: {error.strerror}") from None
    # GDAL takes half a second to load: only for those who need it.
    from impact.places.importing.vector_files import read_vector_file

    return read_vector_file(path, layer=layer, encoding=encoding)


def spooled_input(stream: BinaryIO, stack: ExitStack) -> Path:
    """Standard input as a file with the ending that its first bytes ask for; gone when the stack closes."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="headlamp-import-")))
    path = folder / "standard-input"
    with path.open("wb") as spool:
        shutil.copyfileobj(stream, spool)
    return path.rename(path.with_suffix(_suffix(path)))


def _suffix(path: Path) -> str:
    with path.open("rb") as spool:
        start = spool.read(100).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"PK\x03\x04") and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return ".xlsx" if "xl/workbook.xml" in archive.namelist() else ".zip"
    for magic, suffix in (
        (b"SQLite format 3", ".gpkg"),
        (b"\x1f\x8b", ".gz"),
        (b"fgb", ".fgb"),
        (b"{", ".geojson"),
        (b"<", ".kml"),
    ):
        if start.startswith(magic):
            return suffix
    return ".csv"
