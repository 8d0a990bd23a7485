"""What lies beside a file of one table: GeoJSON of the producing areas, CSV of what is near which."""

import json
from datetime import UTC
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as pcsv
import shapely
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from impact.publication.models import Snapshot
from impact.summaries.formats.about import area_dictionary, provenance
from impact.summaries.formats.area_tables import LINK_SCHEMA, FileAreas
from impact.summaries.formats.csv_file import csv_lines
from impact.summaries.formats.defusing import defused_array
from impact.summaries.formats.options import ExportOptions


def write_areas(snapshot: Snapshot, options: ExportOptions, stream: BinaryIO) -> None:
    """A FeatureCollection (RFC 7946), an area a line in the shape that is known of it."""
    areas = FileAreas(snapshot)
    with translation.override(options.language), timezone.override(UTC):
        notes = {
            note.name: f"{note.meaning} [{note.values}]".removesuffix(" []")
            for note in area_dictionary(of_file=True)
        }
        said = provenance(snapshot)
        told = {name: said[name] for name in ("snapshot", "digest_sha256", "made_from", "as_of", "filter")}
        told |= {"title": _("Producing areas"), "note": _("Near does not mean caused by.")}
    head = {"type": "FeatureCollection", **told, "dictionary": notes}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "features": [')
    separator = b"\n"
    for row, shape in zip(areas.table().to_pylist(), areas.shapes(), strict=True):
        row["source_date"] = row["source_date"] and row["source_date"].isoformat()
        feature = {
            "type": "Feature",
            "id": row["id"],
            "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            "properties": row,
        }
        stream.write(separator + json.dumps(feature, ensure_ascii=False).encode())
        separator = b",\n"
    stream.write(b"\n]}\n")


def write_links(snapshot: Snapshot, stream: BinaryIO) -> None:
    """A header and one row for each incident and area near it, as the other CSV files are written."""
    stream.write(csv_lines([LINK_SCHEMA.names]))
    layout = pcsv.WriteOptions(include_header=False, quoting_style="needed")
    for batch in FileAreas(snapshot).links():
        columns = [
            defused_array(column) if pa.types.is_string(column.type) else column for column in batch.columns
        ]
        sink = pa.BufferOutputStream()
        pcsv.write_csv(pa.table(columns, names=LINK_SCHEMA.names), sink, layout)
        stream.write(sink.getvalue())
