"""A snapshot as Arrow record batches: a million incidents pass through in parts, typed alike everywhere."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from impact.publication.models import Snapshot
from impact.publication.snapshots.columns import snapshot_batches
from impact.publication.snapshots.record_batches import PEOPLE

GEOMETRY = "geometry"
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("theme", pa.string()),
        ("harms", pa.string()),
        ("perpetrator", pa.string()),
        ("verification", pa.string()),
        ("reliability", pa.string()),
        ("credibility", pa.string()),
        *((name, pa.int32()) for name in PEOPLE),
        ("minerals", pa.string()),
        ("country", pa.string()),
        ("occurred_from", pa.date32()),
        ("occurred_to", pa.date32()),
        ("occurred_precision", pa.string()),
        ("text", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("uncertainty_m", pa.float64()),
        ("nearest_area", pa.string()),
        ("nearest_area_kind", pa.string()),
        ("nearest_area_km", pa.int32()),
        ("areas", pa.string()),
        ("published_on", pa.date32()),
        ("is_fictional", pa.bool_()),
    ]
)
COLUMNS = tuple(SCHEMA.names)
# GDAL knows the column for what it is by this; the CRS goes beside it.
GEOMETRY_FIELD = pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
_WKB_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


def flat_batches(snapshot: Snapshot) -> Iterator[pa.RecordBatch]:
    """Rows with exactly SCHEMA, in order of id: lists are joined by "; ", what is not known is null.

    What was taken back since is left out.
    """
    return map(_flat, snapshot_batches(snapshot))


def placed_batches(snapshot: Snapshot) -> pa.RecordBatchReader:
    """The same with a last column of points (WKB, EPSG:4326); null where no place is known."""
    schema = SCHEMA.append(GEOMETRY_FIELD)
    return pa.RecordBatchReader.from_batches(schema, _placed(schema, flat_batches(snapshot)))


def _placed(schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        points = wkb_points(batch.column("lon"), batch.column("lat"))
        yield pa.RecordBatch.from_arrays([*batch.columns, points], schema=schema)


def wkb_points(longitudes: pa.Array, latitudes: pa.Array) -> pa.Array:
    """Points as well-known binary, little-endian; null where either is."""
    points = np.zeros(len(longitudes), dtype=_WKB_POINT)
    points["order"], points["type"] = 1, 1
    points["x"] = longitudes.fill_null(0).to_numpy(zero_copy_only=False)
    points["y"] = latitudes.fill_null(0).to_numpy(zero_copy_only=False)
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(_WKB_POINT.itemsize), len(points), [None, pa.py_buffer(points.tobytes())]
    )
    known = pc.and_(longitudes.is_valid(), latitudes.is_valid())
    return pc.if_else(known, fixed.cast(pa.binary()), pa.scalar(None, pa.binary()))


def _flat(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    areas = columns["areas"]
    nearest = _first(areas)
    told = {
        **columns,
        "harms": _joined(columns["harms"]),
        "minerals": _joined(columns["minerals"]),
        "areas": _joined(_area_words(areas)),
        "nearest_area": pc.struct_field(nearest, "name"),
        "nearest_area_kind": pc.struct_field(nearest, "kind"),
        "nearest_area_km": pc.struct_field(nearest, "distance_km").cast(pa.int32()),
    }
    return pa.RecordBatch.from_arrays([told[name] for name in COLUMNS], schema=SCHEMA)


def _joined(lists: pa.Array) -> pa.Array:
    return pc.binary_join(lists, "; ")


def _first(lists: pa.Array) -> pa.Array:
    """The first of each list, null where it is empty."""
    starts, lengths = lists.offsets[:-1], pc.list_value_length(lists)
    chosen = pc.if_else(pc.greater(lengths, 0), starts, pa.scalar(None, starts.type))
    return lists.values.take(chosen)


def _area_words(areas: pa.Array) -> pa.Array:
    """Each area as "Kamonia (3 km)"."""
    km = pc.struct_field(areas.values, "distance_km").cast(pa.string())
    words = pc.binary_join_element_wise(pc.struct_field(areas.values, "name"), " (", km, " km)", "")
    return pa.ListArray.from_arrays(areas.offsets, words)
