"""CSV (RFC 4180, UTF-8, line feeds) that a spreadsheet cannot take for formulas."""

import csv
import io
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.csv as pcsv

from impact.publication.models import Snapshot
from impact.summaries.formats import acled_style
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.batches import COLUMNS, SCHEMA, flat_batches
from impact.summaries.formats.defusing import defused_array
from impact.summaries.formats.options import ExportOptions

_EXTRA = ("snapshot", "digest_sha256", "licence")
_TAGS = {"snapshot": "#meta+id", "digest_sha256": "#meta+digest", "licence": "#meta+licence"}


def write(snapshot: Snapshot, stream: BinaryIO, options: ExportOptions) -> None:
    """A header and one row an incident; the last columns name the snapshot in each row."""
    if options.is_acled_style:
        acled_style.write(snapshot, stream)
        return
    said = provenance(snapshot)
    heads = [[*COLUMNS, *_EXTRA]]
    if options.has_hxl:
        tags = {note.name: note.hxl for note in data_dictionary()} | _TAGS
        heads.append([tags[name] for name in heads[0]])
    stream.write(csv_lines(heads))
    layout = pcsv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in flat_batches(snapshot):
        columns = [
            defused_array(column) if pa.types.is_string(field.type) else column
            for field, column in zip(SCHEMA, batch.columns, strict=True)
        ]
        columns += [pa.repeat(said[name], len(batch)) for name in _EXTRA]
        table = pa.table(columns, names=heads[0])
        sink = pa.BufferOutputStream()
        pcsv.write_csv(table, sink, layout)
        stream.write(sink.getvalue())


def csv_lines(rows: list[list[Any]]) -> bytes:
    """A few rows, written as the others are."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()
