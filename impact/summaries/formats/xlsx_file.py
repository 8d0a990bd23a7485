"""XLSX: sheets of incidents, of the producing areas around them and of which is near which, in typed cells;
one with the dictionary, one that says where it is from."""

import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from impact.publication.models import Snapshot
from impact.summaries.formats.about import area_dictionary, data_dictionary, link_dictionary, provenance
from impact.summaries.formats.area_tables import AREA_SCHEMA, LINK_SCHEMA, FileAreas
from impact.summaries.formats.batches import COLUMNS, flat_batches
from impact.summaries.formats.defusing import defused
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.scratch import scratch_folder
from impact.summaries.formats.zipping import add_file

MOST_ROWS = 1_048_575  # of a sheet, below its head
_WIDTHS = {
    "text": 60, "areas": 40, "harms": 24, "id": 38,
    "incident_id": 38, "name": 24, "area_name": 24, "source": 40,
}  # fmt: skip
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])  # no cell can hold them


class TooManyRows(ValueError):
    """A snapshot with more incidents than a sheet has rows."""


def write(snapshot: Snapshot, stream: BinaryIO, options: ExportOptions) -> None:
    """A workbook. Raises TooManyRows."""
    if snapshot.shown > MOST_ROWS:
        raise TooManyRows(
            _("A sheet has %(most)s rows at the most; take another format.") % {"most": f"{MOST_ROWS:,}"}
        )
    moment = snapshot.created_at.astimezone(UTC)
    book = Workbook(write_only=True)
    areas = FileAreas(snapshot)
    _table(book, _("Incidents"), COLUMNS, flat_batches(snapshot))
    _table(book, _("Producing areas"), AREA_SCHEMA.names, areas.table().to_batches())
    _table(book, _("Links"), LINK_SCHEMA.names, areas.links())
    _sheet(book, _("Dictionary"), _dictionary())
    _sheet(book, _("About"), [["", ""], *([name, value] for name, value in provenance(snapshot).items())])
    book.properties.creator = "Headlamp"
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    with scratch_folder() as folder:
        file = folder / "export.xlsx"
        book.save(file)
        _stamp(file, stream, moment)


def _dictionary() -> list[list[str]]:
    """What each column means; the last says in which sheet it is."""
    of_sheets = (
        (_("Incidents"), data_dictionary()),
        (_("Producing areas"), area_dictionary(of_file=True)),
        (_("Links"), link_dictionary()),
    )
    return [
        ["", "", "", ""],
        *([note.name, note.meaning, note.values, sheet] for sheet, notes in of_sheets for note in notes),
    ]


def _table(book: Workbook, title: str, names: Iterable[str], batches: Iterable[pa.RecordBatch]) -> None:
    """A sheet of rows under their names; where there are more than a sheet has, on sheets with numbers."""
    head, rows = list(names), _rows(batches)
    number, row = 1, next(rows, None)
    while row is not None or number == 1:
        sheet = book.create_sheet(title if number == 1 else f"{title} {number}")
        sheet.freeze_panes = "A2"
        for index, name in enumerate(head, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(name, 14)
        sheet.append([_bold(sheet, name) for name in head])
        written = 0
        while row is not None and written < MOST_ROWS:
            sheet.append([_cell(sheet, value) for value in row])
            row = next(rows, None)
            written += 1
        number += 1


def _rows(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[Any, ...]]:
    for batch in batches:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _sheet(book: Workbook, title: str, rows: list[list[str]]) -> None:
    sheet = book.create_sheet(title)
    for letter, width in (("A", 22), ("B", 90), ("C", 60), ("D", 22)):
        sheet.column_dimensions[letter].width = width
    for row in rows[1:]:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any) -> Any:
    """Text as text, whatever it begins with; days as days."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=defused(value.translate(_CONTROLS)))
        cell.data_type = "s"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=datetime(value.year, value.month, value.day))  # noqa: DTZ001
        cell.number_format = "yyyy-mm-dd"
        return cell
    return value


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell


def _stamp(file: Path, stream: BinaryIO, moment: datetime) -> None:
    """The same archive with the snapshot's time on each entry."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _dated(content, moment)
            add_file(target, entry.filename, content, moment)


def _dated(core: bytes, moment: datetime) -> bytes:
    """Core properties whose day of change is the snapshot's, whatever the clock said at saving."""
    head, separator, tail = core.partition(b"<dcterms:modified")
    inside, end, rest = tail.partition(b"</dcterms:modified>")
    stamped = inside[: inside.index(b">") + 1] + f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    return head + separator + stamped + end + rest
