"""The copy of what is public that each process holds to count with, as it is now and never as it was.

Before each use the copy asks the log of changes what came since: that is read again, and nothing else. So
what was taken back is missing from the next answer of every process; a copy that cannot know is made anew.
"""

import threading
from uuid import UUID

import numpy as np
from django.db import close_old_connections, connection

from impact.publication.changes import Mark, changes_since, last_change
from impact.publication.columns.reading import ColumnReader
from impact.publication.columns.rows import Columns, Dictionaries, Rows
from impact.publication.models import PublishedIncident

_MOST_CHANGES = 5_000  # reading so many again takes about half a second
_LARGE = 50_000  # past so many, no request waits until they are read for the first time
_HALF = 0xFFFF_FFFF_FFFF_FFFF


class _Holder:
    def __init__(self) -> None:
        self.columns: Columns | None = None
        self.reading = threading.Lock()
        self.changing = threading.Lock()


_holder = _Holder()


def public_columns() -> Columns | None:
    """What is public now; None while a large table is read for the first time: ask the database then."""
    with _holder.changing:
        held = _holder.columns
        changes = changes_since(held.mark, _MOST_CHANGES) if held else None
        if held is not None and changes is not None and changes.keys is not None:
            if changes.mark != held.mark:
                held = _holder.columns = _with_changes(held, changes.mark, changes.keys)
            return held
    if not PublishedIncident.objects.order_by().values_list("pk")[_LARGE : _LARGE + 1]:
        return read_columns()
    if _holder.reading.acquire(blocking=False):
        threading.Thread(target=_read_behind, name="public-columns", daemon=True).start()
    return None


def read_columns() -> Columns | None:
    """Read everything now, however long it takes; None where nothing tells of changes."""
    mark = last_change()  # first: what changes meanwhile is read again
    if mark is None:
        return None
    words = Dictionaries()
    columns = Columns.of(mark, Rows.joined([Rows.none(), *ColumnReader(words).every_part()]), words)
    with _holder.changing:
        _holder.columns = columns
    return columns


def _read_behind() -> None:
    try:
        close_old_connections()
        read_columns()
    finally:
        connection.close()
        _holder.reading.release()


def _with_changes(held: Columns, mark: Mark, keys: frozenset[UUID]) -> Columns:
    halves = {(key.int >> 64, key.int & _HALF) for key in keys}
    ids = held.rows.ids
    stay = np.ones(len(held.rows), dtype=bool)
    alike = np.isin(ids[:, 0], np.array([high for high, _low in halves], dtype=np.uint64))
    for row in np.flatnonzero(alike).tolist():
        stay[row] = (int(ids[row, 0]), int(ids[row, 1])) not in halves
    rows = Rows.joined([held.rows.where(stay), *ColumnReader(held.words).parts_of(keys)])
    return Columns.of(mark, rows, held.words, held.points)
