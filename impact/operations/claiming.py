"""Rows that are jobs: of many workers that see one, a single one has it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F


def claim(row: Any, *, still: Mapping[str, Any], **changes: Any) -> bool:
    """Whether the job is ours: its row is `still` as said, and nobody has tried it since it was read.

    Counts the try in its `attempts` and makes the changes, among them until when nobody else tries it.
    """
    as_read = type(row).objects.filter(pk=row.pk, attempts=row.attempts, **still)
    return bool(as_read.update(attempts=F("attempts") + 1, **changes))
