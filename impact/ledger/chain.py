"""How the chain grows: one row at a time, each over the digest of the row before."""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from impact.ledger.models import Content, Entry, Head, Kind


@dataclass(frozen=True, slots=True)
class LogHead:
    """How many rows there are and the digest of the last one: what a witness writes down."""

    sequence: int
    digest: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}" if self.sequence else "none"


def record(
    kind: Kind,
    *,
    actor_id: int | None,
    details: dict[str, Any],
    subject: str = "",
    now: datetime | None = None,
) -> Entry:
    """Append one row with its contents. Inside the caller's transaction: both stay or neither.

    `details` is in JSON types and holds what may have to be erased one day; `subject` is a reference or
    a number of ours, for it stays for ever.
    """
    salt = new_salt()
    with transaction.atomic():
        entry = append_entry(
            kind=kind,
            actor_id=actor_id,
            subject=subject,
            content_digest=details_digest(salt, details),
            recorded_at=now or timezone.now(),
        )
        Content.objects.create(entry=entry, salt=salt, details=details)
    return entry


def append_entry(
    *, kind: str, actor_id: int | None, subject: str, content_digest: str, recorded_at: datetime
) -> Entry:
    """Append one row whose contents lie elsewhere. Call inside the transaction that writes them."""
    if not connection.in_atomic_block:
        raise RuntimeError("a row of the log belongs in the transaction of the change that it records")
    _wait_for_turn()
    head = log_head()
    entry = Entry(
        sequence=head.sequence + 1,
        recorded_at=recorded_at,
        kind=kind,
        actor_id=actor_id,
        subject=subject,
        content_digest=content_digest,
        previous_digest=head.digest,
    )
    entry.digest = entry_digest(entry)
    entry.save(force_insert=True)
    Head.objects.update_or_create(id=1, defaults={"sequence": entry.sequence, "digest": entry.digest})
    return entry


def log_head() -> LogHead:
    """Where the chain ends, by the head that is kept beside it.

    After a truncation the chain goes on from that head: the gap stays, and is found for ever.
    """
    end = Head.objects.filter(id=1).first() or Entry.objects.order_by("-sequence").first()
    return LogHead(end.sequence, end.digest) if end else LogHead(0, "")


def new_salt() -> str:
    return secrets.token_hex(16)


def details_digest(salt: str, details: dict[str, Any]) -> str:
    """SHA-256 (hex) of the salted contents in canonical JSON."""
    return hashlib.sha256(canonical_json({"salt": salt, "details": details})).hexdigest()


def entry_digest(entry: Entry) -> str:
    """SHA-256 (hex) of all that a row of the chain says, and of the row before."""
    line = [
        entry.sequence,
        entry.recorded_at.astimezone(UTC).isoformat(),
        str(entry.kind),
        entry.actor_id,
        entry.subject,
        entry.content_digest,
        entry.previous_digest,
    ]
    return hashlib.sha256(canonical_json(line)).hexdigest()


def canonical_json(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _wait_for_turn() -> None:
    # One writer at a time, or two rows would follow the same one. SQLite's immediate transactions do this.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (0x4C414D50,))
