"""Erasing what a row of the log says, where law or a person's safety asks for it. The chain stays whole."""

from django.db import transaction
from django.utils import timezone

from impact.ledger.chain import record
from impact.ledger.models import Content, Entry, Kind


class NothingToErase(Exception):
    """There is no such row, or it was erased before."""


@transaction.atomic
def erase_contents(sequence: int, *, actor_id: int | None, reason: str) -> Entry:
    """Empty the contents of one row, and append a row that says so. Raises NothingToErase."""
    done = Content.objects.filter(pk=sequence, erased_at__isnull=True).update(
        salt="", details={}, erased_at=timezone.now()
    )
    if not done:
        raise NothingToErase(f"row {sequence} has no contents to erase")
    return record(Kind.ERASURE, actor_id=actor_id, subject=str(sequence), details={"reason": reason})
