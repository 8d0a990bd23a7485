"""Reading tables of text: CSV of any delimiter and encoding, and XLSX workbooks."""

import csv
import io
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from impact.places.importing.source import ImportRefused, SourceRow, SourceTable, cell_text

Header = Sequence[str]
HEADER_WITHIN = 25  # rows of title and notes that people put above a table
_DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a polygon as text is longer than the module's limit


def read_csv_table(path: Path, *, encoding: str = "") -> SourceTable:
    """A CSV file with a header in its first row. Raises ImportRefused."""
    lines = io.StringIO(decoded(path.read_bytes(), encoding), newline="")
    first_line = lines.readline()
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter_of(first_line))
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise ImportRefused(f"{path.name} is empty")
        return _table(header, enumerate(reader, start=2))
    except csv.Error as error:
        raise ImportRefused(f"{path.name} line {reader.line_num}: {error}") from None


def read_workbook(path: Path, is_header: Callable[[Header], bool], *, sheet: str = "") -> SourceTable:
    """The first sheet (or the one named) with a row that `is_header` accepts near its top.

    Raises ImportRefused when no sheet has one.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise ImportRefused(f"{path.name} cannot be read as a workbook: {error}") from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise ImportRefused(f"{path.name} has no sheet {sheet!r}; it has: {', '.join(book.sheetnames)}")
        for name in [sheet] if sheet else book.sheetnames:
            rows = enumerate(book[name].iter_rows(values_only=True), start=1)
            for number, cells in rows:
                header = [cell_text(cell) for cell in cells]
                if is_header(header):
                    return _table(header, rows)
                if number >= HEADER_WITHIN:
                    break
    finally:
        book.close()
    raise ImportRefused(f"{path.name} has no column with coordinates: name them with --map lat=… lon=…")


def decoded(content: bytes, encoding: str = "") -> str:
    """Text from bytes: the encoding given, else UTF-8 or UTF-16 with a mark, else Windows-1252."""
    if encoding:
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise ImportRefused(f"the file is not {encoding}: {error}") from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def delimiter_of(header: str) -> str:
    """The delimiter that a header line uses most; a comma when it has one column."""
    return max(_DELIMITERS, key=header.count)


def _table(header: Header, rows: Iterable[tuple[int, Sequence[Any]]]) -> SourceTable:
    return SourceTable(columns=tuple(name for name in header if name), rows=tuple(_rows(header, rows)))


def _rows(header: Header, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[SourceRow]:
    for number, cells in rows:
        if any(cell_text(cell) for cell in cells):
            yield SourceRow(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})
