"""GeoParquet 1.1 (OGC): points as WKB, the snapshot and the dictionary in the file's metadata."""

import json
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS

from impact.publication.models import Snapshot
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.batches import GEOMETRY, SCHEMA, placed_batches
from impact.summaries.formats.options import ExportOptions


def write(snapshot: Snapshot, stream: BinaryIO, options: ExportOptions) -> None:
    """A row group a batch."""
    geo = {
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": {
            GEOMETRY: {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "crs": CRS.from_user_input("OGC:CRS84").to_json_dict(),
                "edges": "planar",
            }
        },
    }
    notes = {note.name: f"{note.meaning} [{note.values}]".removesuffix(" []") for note in data_dictionary()}
    metadata = {
        "geo": json.dumps(geo),
        "headlamp": json.dumps({**provenance(snapshot), "dictionary": notes}, ensure_ascii=False),
    }
    schema = SCHEMA.append(pa.field(GEOMETRY, pa.binary())).with_metadata(metadata)
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in placed_batches(snapshot):
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
