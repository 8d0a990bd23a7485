"""The compressed lines of a snapshot as a file, some megabytes of the database's value at a time."""

import io
from typing import Any, BinaryIO, cast

from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Length, Substr

from impact.publication.models import Snapshot

_AT_ONCE = 32 << 20


def open_rows(snapshot: Snapshot) -> BinaryIO:
    """What `snapshot.rows` holds, to be read from the beginning to the end.

    Raises Snapshot.DoesNotExist while it is read when what was taken back is erased from it meanwhile.
    """
    if "rows" not in snapshot.get_deferred_fields():
        return io.BytesIO(snapshot.rows)
    return cast(BinaryIO, io.BufferedReader(_StoredRows(snapshot.pk), 1 << 20))


class _StoredRows(io.RawIOBase):
    def __init__(self, pk: str) -> None:
        self._pk = pk
        self._size = self._stored().values_list("size", flat=True).get()
        self._at = 0
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._piece and self._at < self._size:
            piece = Substr("rows", self._at + 1, _AT_ONCE, output_field=BinaryField())
            same = self._stored().filter(size=self._size)
            self._piece = memoryview(same.values_list(piece, flat=True).get())
            self._at += len(self._piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def _stored(self) -> QuerySet[Any]:
        return Snapshot.objects.filter(pk=self._pk).annotate(size=Length("rows")).order_by()
