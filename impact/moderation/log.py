"""The decision log: written in one place, chained by hash, walked from end to end.

Each row's digest covers the row before and a salted digest of its own contents. A reader with the
rows can therefore find any edit, deletion or reorder; erasing a reason leaves the chain whole.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.models import Action, Decision


@dataclass(frozen=True, slots=True)
class BrokenDecision:
    """The first row of the log that does not follow from the one before, and what is wrong with it."""

    sequence: int
    why: str


def record_decision(
    *,
    incident: Incident,
    moderator: User,
    action: Action,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
    now: datetime | None = None,
) -> Decision:
    """Append one decision. Call inside the transaction of the change: both stay or neither."""
    if not connection.in_atomic_block:
        raise RuntimeError("a decision belongs in the transaction of the change that it records")
    _wait_for_turn()
    last = Decision.objects.order_by("-sequence").first()
    decision = Decision(
        sequence=last.sequence + 1 if last else 1,
        incident=incident,
        moderator=moderator,
        action=action,
        before=before,
        after=after,
        reason=reason,
        decided_at=now or timezone.now(),
        salt=secrets.token_hex(16),
        previous_digest=last.digest if last else "",
    )
    decision.content_digest = content_digest(decision)
    decision.digest = chain_digest(decision)
    decision.save(force_insert=True)
    return decision


def first_broken_decision() -> BrokenDecision | None:
    """Walk the whole log; None when every row follows from the one before."""
    previous_digest, expected = "", 1
    for decision in Decision.objects.order_by("sequence").iterator(chunk_size=2000):
        if decision.sequence != expected:
            return BrokenDecision(expected, f"row {expected} is missing")
        if decision.previous_digest != previous_digest:
            return BrokenDecision(expected, "it does not follow the row before")
        if decision.content_digest != content_digest(decision):
            return BrokenDecision(expected, "its contents were altered")
        if decision.digest != chain_digest(decision):
            return BrokenDecision(expected, "its digest was altered")
        previous_digest, expected = decision.digest, expected + 1
    return None


def content_digest(decision: Decision) -> str:
    """SHA-256 (hex) of the salted contents in canonical JSON."""
    contents = {
        "salt": decision.salt,
        "incident": str(decision.incident_id),
        "moderator": decision.moderator_id,
        "action": str(decision.action),
        "before": decision.before,
        "after": decision.after,
        "reason": decision.reason,
        "decided_at": decision.decided_at.timestamp(),
    }
    canonical = json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def chain_digest(decision: Decision) -> str:
    """SHA-256 (hex) of the sequence, the row before and the contents' digest."""
    line = f"{decision.sequence}\n{decision.previous_digest}\n{decision.content_digest}"
    return hashlib.sha256(line.encode()).hexdigest()


def _wait_for_turn() -> None:
    # One writer at a time, or two rows would follow the same one. SQLite's immediate transactions do this.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (0x4C414D50,))


@transaction.atomic
def log_head() -> tuple[int, str]:
    """How many decisions there are and the digest of the last: what an outside witness writes down."""
    last = Decision.objects.order_by("-sequence").first()
    return (last.sequence, last.digest) if last else (0, "")
