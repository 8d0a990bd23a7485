"""Lines on their way into a snapshot: compressed as they come, so that a million are never held at once."""

import gzip
import hashlib
import io
from collections.abc import Iterable

from impact.publication.models import Snapshot, SnapshotPart
from impact.publication.snapshots.canonical import line_digest
from impact.publication.snapshots.record_batches import LINES, packed, record_batch

_LEVEL = 6  # of gzip: half the time of the best, and files hardly larger


class Freezing:
    """Takes canonical lines in order of id; keeps them, their digest and their columns as one snapshot."""

    def __init__(self) -> None:
        self._digests = hashlib.sha256()
        self._packed = io.BytesIO()
        self._rows = _compressing(self._packed)
        self._waiting: list[bytes] = []
        self._columns: list[bytes] = []
        self._shown = 0

    def add(self, line: bytes) -> None:
        self._rows.write(line)
        self._digests.update(f"{line_digest(line)}\n".encode())
        self._shown += 1
        self._waiting.append(line)
        if len(self._waiting) == LINES:
            self._pack()

    def kept(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot, saved with the lines. Call it once, in a transaction."""
        if self._waiting:
            self._pack()
        self._rows.close()
        snapshot.rows = self._packed.getvalue()
        snapshot.digest = self._digests.hexdigest()
        snapshot.shown = self._shown
        snapshot.save(force_insert=True)
        for number, columns in enumerate(self._columns):
            SnapshotPart.objects.create(snapshot=snapshot, number=number, columns=columns)
        return snapshot

    def _pack(self) -> None:
        self._columns.append(packed(record_batch(self._waiting)))
        self._waiting = []


def compressed(lines: Iterable[bytes]) -> bytes:
    """Lines as a snapshot keeps them. The same lines give the same bytes."""
    packed_lines = io.BytesIO()
    with _compressing(packed_lines) as rows:
        rows.writelines(lines)
    return packed_lines.getvalue()


def _compressing(target: io.BytesIO) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=target, mode="wb", compresslevel=_LEVEL, mtime=0)
