"""Bringing reports in from another system's file: one report a row, each once for ever."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from impact.incidents.importing.columns import columns_of
from impact.incidents.importing.rows import RowRefused, read_row
from impact.incidents.intake import submit_report
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.importing.tables import read_csv_table
from impact.vocabulary import Harm

FORMATS = ("csv", "ushahidi")  # the columns of both are told apart by their names
_NEEDED = {"id": "an identifier (id, Post ID, …)"}
_TELLING = ("text", "title")


def import_reports(
    path: Path,
    *,
    source: str,
    columns: Mapping[str, str] | None = None,
    harms: Mapping[str, Harm] | None = None,
    is_fictional: bool = False,
    is_dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
    now: datetime | None = None,
) -> ImportReport:
    """Take the rows of a CSV file in as reports; every row that is left out, with its number and reason.

    Idempotent by `source` and the row's own identifier. `columns` names columns (our field: theirs),
    `harms` what a category means. Nobody agreed to publication by a file: the moderator weighs it. Raises
    ImportRefused.
    """
    given = columns or {}
    table = read_csv_table(path, lambda header: set(_NEEDED) <= set(columns_of(header, given)))
    if unknown := [name for name in given.values() if name not in table.columns]:
        raise ImportRefused(f"{path.name} has no column {unknown[0]!r}; it has: {', '.join(table.columns)}")
    found = columns_of(table.columns, given)
    for name, words in _NEEDED.items():
        if name not in found:
            raise ImportRefused(f"{path.name} has no column with {words}: name it with --map {name}=COLUMN")
    if not any(name in found for name in _TELLING):
        raise ImportRefused(
            f"{path.name} has no column that says what happened: name it with --map text=COLUMN"
        )
    rows = list(table.rows)
    report = ImportReport()
    report.notes.append("columns: " + ", ".join(f"{name}={column}" for name, column in sorted(found.items())))
    moment = now or timezone.now()
    said: dict[str, tuple[int, str]] = {}  # by key: the row that came first, and its words
    for done, row in enumerate(rows, start=1):
        try:
            reading = read_row(
                row.values,
                found,
                source=source,
                harms=harms or {},
                now=moment,
                is_fictional=is_fictional,
            )
        except RowRefused as refused:
            report.skip(row.number, str(refused))
        else:
            first, words = said.setdefault(reading.draft.source_key, (row.number, reading.draft.text))
            if first != row.number and words != reading.draft.text:
                report.skip(row.number, f"row {first} has the same identifier and other words")
            elif first == row.number and (is_dry_run or submit_report(reading.draft).is_new):
                report.created += 1
            else:
                report.unchanged += 1
            report.doubtful += [(row.number, doubt) for doubt in reading.doubts]
        progress(done, len(rows))
    return report
