"""The incidents of a snapshot as columns: what maps, briefs and files of many incidents read."""

from collections.abc import Iterator

import pyarrow as pa
from django.db import transaction

from impact.publication.models import Snapshot, SnapshotPart
from impact.publication.snapshots.record_batches import (
    packed,
    record_batch,
    record_batches,
    unpacked,
    without,
)
from impact.publication.snapshots.taking import shown_lines, taken_back_since


def snapshot_batches(snapshot: Snapshot) -> Iterator[pa.RecordBatch]:
    """The frozen incidents in order of id, without those that were taken back since, typed as `RECORD`.

    From the columns that are kept beside the lines; from the lines where there are none. A batch at a time is
    held.
    """
    parts = list(SnapshotPart.objects.filter(snapshot=snapshot).values_list("pk", flat=True))
    if not parts:
        yield from record_batches(shown_lines(snapshot))
        return
    taken_back = taken_back_since(snapshot)
    for part in parts:
        columns = SnapshotPart.objects.values_list("columns", flat=True).get(pk=part)
        yield without(unpacked(columns), taken_back)


@transaction.atomic
def keep_missing_columns() -> int:
    """Make the columns of a snapshot that has none, as one of an older version: a worker's turn."""
    waiting = Snapshot.objects.select_for_update(of=("self",)).filter(parts=None, shown__gt=0).first()
    if waiting is None:
        return 0
    # One part at the least, or a snapshot of stones alone would wait for ever.
    batches = list(map(packed, record_batches(shown_lines(waiting)))) or [packed(record_batch([]))]
    for number, columns in enumerate(batches):
        SnapshotPart.objects.create(snapshot=waiting, number=number, columns=columns)
    return 1
