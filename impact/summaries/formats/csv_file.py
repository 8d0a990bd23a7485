"""CSV (RFC 4180, UTF-8) that a spreadsheet cannot take for formulas."""

import csv
import io
import unicodedata
from typing import Any, BinaryIO

from impact.publication.models import Snapshot
from impact.summaries.formats.rows import COLUMNS, provenance, snapshot_rows

_FORMULA_STARTS = frozenset("=+-@|%\t\r\n")


def write(snapshot: Snapshot, stream: BinaryIO) -> None:
    """A header and one row an incident; the last columns name the snapshot in each row."""
    said = provenance(snapshot)
    extra = ("snapshot", "digest_sha256", "licence")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *extra])
    for row in snapshot_rows(snapshot):
        writer.writerow([*(defused(row[column]) for column in COLUMNS), *(said[name] for name in extra)])
    stream.write(text.getvalue().encode())


def defused(value: Any) -> Any:
    """A cell that no spreadsheet runs: text that would start a formula gets an apostrophe before it.

    Full-width signs count as the signs that they look like (OWASP, CSV injection).
    """
    if not isinstance(value, str):
        return value
    for character in value:
        if unicodedata.category(character) in {"Zs", "Cf"}:
            continue  # spaces and byte-order marks before a sign don't make it harmless
        plain = unicodedata.normalize("NFKC", character)
        return f"'{value}" if plain and plain[0] in _FORMULA_STARTS else value
    return value
