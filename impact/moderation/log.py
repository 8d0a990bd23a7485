"""The decision log: decisions written in one place, as rows of the chain that `impact.ledger` keeps.

A reader with the rows can find any edit, deletion or reorder; erasing a reason leaves the chain whole.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.ledger.chain import LogHead, append_entry, canonical_json, new_salt, record
from impact.ledger.erasing import NothingToErase, erase_contents
from impact.ledger.models import Entry, Kind
from impact.ledger.walking import BrokenEntry, FoundContent
from impact.ledger.walking import first_broken_entry as first_broken_in
from impact.moderation.models import Action, Decision


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
    decision = Decision(
        incident=incident,
        moderator=moderator,
        action=action,
        before=before,
        after=after,
        reason=reason,
        decided_at=now or timezone.now(),
        salt=new_salt(),
    )
    entry = append_entry(
        kind=decision_kind(action),
        actor_id=moderator.pk,
        subject=incident.reference,
        content_digest=content_digest(decision),
        recorded_at=decision.decided_at,
    )
    decision.sequence = entry.sequence
    decision.save(force_insert=True)
    return decision


def decision_kind(action: str) -> str:
    """The kind of a decision's row in the chain: the action stays in it when the decision is erased."""
    return f"{Kind.DECISION}.{action}"


def first_broken_entry(heads: Iterable[LogHead] = ()) -> BrokenEntry | None:
    """Walk the whole log, decisions and all else; None when it is whole and holds the witnessed `heads`."""
    return first_broken_in({str(Kind.DECISION): DecisionSource()}, heads)


class DecisionSource:
    """Decisions as the contents of their rows in the chain."""

    def find(self, entries: Sequence[Entry]) -> Mapping[int, FoundContent]:
        rows = {entry.sequence: entry for entry in entries}
        decisions = Decision.objects.filter(sequence__in=rows).select_related("incident")
        return {decision.sequence: _found(decision, rows[decision.sequence]) for decision in decisions}

    def count(self) -> int:
        return Decision.objects.count()


def _found(decision: Decision, entry: Entry) -> FoundContent:
    return FoundContent(
        "" if decision.erased_at else content_digest(decision),
        matches=(
            entry.kind == decision_kind(decision.action)
            and entry.actor_id == decision.moderator_id
            and entry.subject == decision.incident.reference
            and entry.recorded_at == decision.decided_at
        ),
    )


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
    return hashlib.sha256(canonical_json(contents)).hexdigest()


@transaction.atomic
def erase_entry(sequence: int, *, actor_id: int | None, reason: str) -> Entry:
    """Empty what one row of the log says, a decision or another, and append a row that says so.

    Who did what and when stays. Raises NothingToErase.
    """
    erased = Decision.objects.filter(sequence=sequence, erased_at__isnull=True).update(
        before={}, after={}, reason="", salt="", erased_at=timezone.now()
    )
    if not erased:
        return erase_contents(sequence, actor_id=actor_id, reason=reason)
    return record(Kind.ERASURE, actor_id=actor_id, subject=str(sequence), details={"reason": reason})


__all__ = [
    "NothingToErase",
    "content_digest",
    "decision_kind",
    "erase_entry",
    "first_broken_entry",
    "record_decision",
]
