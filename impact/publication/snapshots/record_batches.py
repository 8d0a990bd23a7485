"""Incidents as Arrow record batches, so that a million are read in a second, in parts.

The canonical lines of a snapshot are the truth, and its digest is over them. Batches are made from the lines.
"""

import io
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

LINES = 20_000  # to a batch: some 15 MB of text
PEOPLE = ("killed", "injured", "arrested", "displaced", "affected")
_AREA = pa.struct(
    [("distance_km", pa.int64()), ("id", pa.int64()), ("kind", pa.string()), ("name", pa.string())]
)
RECORD = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "theme")),
        ("harms", pa.list_(pa.string())),
        *((name, pa.string()) for name in ("perpetrator", "verification", "reliability", "credibility")),
        *((name, pa.int32()) for name in PEOPLE),
        ("minerals", pa.list_(pa.string())),
        ("country", pa.string()),
        *((name, pa.date32()) for name in ("occurred_from", "occurred_to")),
        *((name, pa.string()) for name in ("occurred_precision", "text")),
        *((name, pa.float64()) for name in ("lon", "lat", "uncertainty_m")),
        ("areas", pa.list_(_AREA)),
        ("published_on", pa.date32()),
        ("is_fictional", pa.bool_()),
    ]
)
# The JSON reader knows no days, and whole numbers as 64 bits alone.
_WIDER = {pa.date32(): pa.string(), pa.int32(): pa.int64()}
_READ = pa.schema([field.with_type(_WIDER.get(field.type, field.type)) for field in RECORD])


def record_batches(lines: Iterable[bytes]) -> Iterator[pa.RecordBatch]:
    """Canonical lines as batches of RECORD, in their order and without the salt."""
    remaining = iter(lines)
    while block := list(islice(remaining, LINES)):
        yield record_batch(block)


def record_batch(lines: list[bytes]) -> pa.RecordBatch:
    """Some canonical lines as one batch of RECORD."""
    if not lines:
        return pa.RecordBatch.from_pylist([], RECORD)
    table = pj.read_json(
        io.BytesIO(b"".join(lines)),
        read_options=pj.ReadOptions(block_size=1 << 28),
        parse_options=pj.ParseOptions(explicit_schema=_READ, unexpected_field_behavior="ignore"),
    )
    [batch] = table.select(RECORD.names).cast(RECORD).combine_chunks().to_batches()
    return batch


def without(batch: pa.RecordBatch, public_ids: Collection[str]) -> pa.RecordBatch:
    """The batch but for some incidents."""
    if not public_ids:
        return batch
    gone = pc.is_in(batch.column("id"), value_set=pa.array(public_ids, pa.string()))
    return batch.filter(pc.invert(gone)) if pc.any(gone).as_py() else batch


def packed(batch: pa.RecordBatch) -> bytes:
    """A batch of RECORD as a compressed Arrow stream. The same batch gives the same bytes."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, RECORD, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def unpacked(part: bytes | memoryview) -> pa.RecordBatch:
    """What `packed` was given."""
    with pa.ipc.open_stream(pa.py_buffer(part)) as reader:
        return reader.read_next_batch()
