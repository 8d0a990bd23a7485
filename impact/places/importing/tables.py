"""Reading tables of text: CSV of any delimiter and encoding, and XLSX workbooks."""

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from impact.places.importing.bounds import LONGEST_LINE, MOST_SHEET_ROWS, bounded_lines, refuse_bomb
from impact.places.importing.source import ImportRefused, Rows, SourceRow, SourceTable, cell_text

Header = Sequence[str]
HEADER_WITHIN = 25  # rows of title and notes that people put above a table
_DELIMITERS = (",", ";", "\t", "|")

csv.field_size_limit(LONGEST_LINE)  # a polygon as text is longer than the module's limit


def read_csv_table(
    path: Path, is_header: Callable[[Header], bool] = lambda header: True, *, encoding: str = ""
) -> SourceTable:
    """A CSV file, read as it is gone through. Raises ImportRefused.

    Its header is the first row near its top that `is_header` accepts; where there is none, the first row
    that is not empty.
    """
    encoding = encoding_of(path, encoding)
    number, delimiter, header = _csv_header(path, encoding, is_header)
    if not any(header):
        raise ImportRefused(f"{path.name} is empty")

    def rows() -> Iterator[SourceRow]:
        return _rows(header, islice(_csv_lines(path, encoding, delimiter), number, None))

    return SourceTable(columns=tuple(name for name in header if name), rows=Rows(rows))


def _csv_header(path: Path, encoding: str, is_header: Callable[[Header], bool]) -> tuple[int, str, list[str]]:
    """The number of the header's row, the delimiter, and the header; nothing in it for an empty file."""
    with path.open(encoding=encoding, newline="") as text:
        top = [line for line in islice(bounded_lines(text, path.name), HEADER_WITHIN) if line.strip()]
    first: tuple[int, str, list[str]] = (1, ",", [])
    for delimiter in dict.fromkeys(map(delimiter_of, top)):
        for number, cells in islice(_csv_lines(path, encoding, delimiter), HEADER_WITHIN):
            header = [name.strip() for name in cells]
            if not any(header):
                continue
            if is_header([name for name in header if name]):
                return number, delimiter, header
            first = first if first[2] else (number, delimiter, header)
    return first


def _csv_lines(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with path.open(encoding=encoding, newline="") as text:
        reader = csv.reader(bounded_lines(text, path.name), delimiter=delimiter)
        try:
            yield from enumerate(reader, start=1)
        except csv.Error as error:
            raise ImportRefused(f"{path.name} line {reader.line_num}: {error}") from None


def encoding_of(path: Path, encoding: str = "") -> str:
    """The encoding given, if the file is in it; else UTF-8 or UTF-16 with a mark, else Windows-1252."""
    candidates = [encoding] if encoding else ["utf-8-sig", "cp1252", "latin-1"]
    with path.open("rb") as content:
        if not encoding and (utf16 := _utf16(content.read(1000))):
            return utf16
    for candidate in candidates:
        try:
            with path.open(encoding=candidate) as text:
                while text.read(1 << 20):
                    pass
        except LookupError as error:
            raise ImportRefused(f"the file is not {candidate}: {error}") from None
        except UnicodeDecodeError as error:
            if encoding:
                raise ImportRefused(f"the file is not {encoding}: {error}") from None
            continue
        return candidate
    return "latin-1"


@contextmanager
def open_workbook(path: Path, sheet: str, *, formulas: bool = False) -> Iterator[tuple[Any, list[str]]]:
    """A workbook and the names of the sheets to read: the one named, or all that are not hidden.

    `formulas`: as they are written, and not what they came to. Raises ImportRefused.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    refuse_bomb(path)
    try:
        book = load_workbook(path, read_only=True, data_only=not formulas)
    except (InvalidFileException, *_BROKEN_WORKBOOK) as error:
        raise _no_workbook(path, error) from None
    try:
        if sheet and sheet not in book.sheetnames:
            raise ImportRefused(f"{path.name} has no sheet {sheet!r}; it has: {', '.join(book.sheetnames)}")
        seen = [one.title for one in book.worksheets if one.sheet_state == "visible"]
        yield book, [sheet] if sheet else seen
    finally:
        book.close()


def sheet_lines(path: Path, worksheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of a sheet with their numbers, from 1. Raises ImportRefused for what is no sheet."""
    worksheet.reset_dimensions()  # what it states of its size need not be so, and rows beyond were lost
    try:
        for number, cells in enumerate(worksheet.iter_rows(values_only=True), start=1):
            if number > MOST_SHEET_ROWS:
                raise ImportRefused(f"{path.name} has more rows than a sheet has ({MOST_SHEET_ROWS:,})")
            yield number, cells
    except _BROKEN_WORKBOOK as error:
        raise _no_workbook(path, error) from None


# What openpyxl raises of a file that is broken, or made to be; entities are a ValueError of defusedxml.
_BROKEN_WORKBOOK = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    OSError,
    EOFError,
    ValueError,
)


def _no_workbook(path: Path, error: BaseException) -> ImportRefused:
    said = " ".join(str(error).split())[:120] or type(error).__name__
    return ImportRefused(f"{path.name} cannot be read as a workbook: {said}")


def read_workbook(path: Path, is_header: Callable[[Header], bool], *, sheet: str = "") -> SourceTable:
    """The first sheet (or the one named) with a row that `is_header` accepts near its top.

    Raises ImportRefused when no sheet has one.
    """
    with open_workbook(path, sheet) as (book, names):
        for name in names:
            for number, cells in sheet_lines(path, book[name]):
                header = [cell_text(cell) for cell in cells]
                if is_header(header):
                    return SourceTable(
                        columns=tuple(column for column in header if column),
                        rows=Rows(partial(_sheet_rows, path, name, number, header)),
                    )
                if number >= HEADER_WITHIN:
                    break
    raise ImportRefused(f"{path.name} has no column with coordinates: name them with --map lat=… lon=…")


def _sheet_rows(path: Path, sheet: str, header_number: int, header: Header) -> Iterator[SourceRow]:
    with open_workbook(path, sheet) as (book, _names):
        yield from _rows(header, islice(sheet_lines(path, book[sheet]), header_number, None))


def decoded(content: bytes, encoding: str = "") -> str:
    """Text from bytes: the encoding given, else UTF-8 or UTF-16 with a mark, else Windows-1252."""
    if encoding:
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise ImportRefused(f"the file is not {encoding}: {error}") from None
    if utf16 := _utf16(content[:1000]):
        return content.decode(utf16, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _utf16(start: bytes) -> str:
    """The kind of UTF-16 that a text begins in, by its mark or by the noughts between its letters; "" for
    another."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(start) // 2
    if pairs and start[1::2].count(0) > 0.4 * pairs:
        return "utf-16-le"
    return "utf-16-be" if pairs and start[::2].count(0) > 0.4 * pairs else ""


def delimiter_of(header: str) -> str:
    """The delimiter that a header line uses most; a comma when it has one column."""
    return max(_DELIMITERS, key=header.count)


def _rows(header: Header, rows: Iterable[tuple[int, Sequence[Any]]]) -> Iterator[SourceRow]:
    for number, cells in rows:
        if any(cell_text(cell) for cell in cells):
            yield SourceRow(number, {name: cell for name, cell in zip(header, cells, strict=False) if name})
