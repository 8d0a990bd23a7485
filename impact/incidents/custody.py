"""Who had a piece of evidence in hand: rows of the append-only log about it, the first one first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from impact.incidents.models import Evidence
from impact.ledger.chain import record
from impact.ledger.models import Entry, Kind


class Deed(StrEnum):
    """What was done with a piece. Its arrival is its own row, with the SHA-256 of then."""

    SEEN = "seen"
    DOWNLOADED = "downloaded"
    DERIVED = "derived"
    BLURRED = "blurred"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Custody:
    sequence: int
    deed: str
    actor: str
    at: datetime
    sha256: str
    digest: str


def record_custody(evidence: Evidence, deed: Deed, actor_id: int | None, **details: Any) -> None:
    """Append what somebody did with a piece; the log refuses to be changed."""
    record(
        Kind.EVIDENCE, actor_id=actor_id, subject=_subject(evidence), details={"deed": str(deed), **details}
    )


def custody_of(evidence: Evidence) -> list[Custody]:
    """Everything that was done with a piece, the first one first."""
    entries = Entry.objects.filter(kind=Kind.EVIDENCE, subject=_subject(evidence))
    return [
        Custody(
            sequence=entry.sequence,
            deed=str(entry.content.details.get("deed", "")),
            actor=str(entry.actor) if entry.actor else "",
            at=entry.recorded_at,
            sha256=str(entry.content.details.get("sha256", "")),
            digest=entry.digest,
        )
        for entry in entries.select_related("content", "actor").order_by("sequence")
    ]


def _subject(evidence: Evidence) -> str:
    return f"evidence {evidence.pk}"
