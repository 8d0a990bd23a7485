"""Decisions are guarded by the database as the rest of the log is: added, erased on record, never changed."""

from impact.ledger.guarding import GUARDS, Guard

_DECISIONS = Guard(
    "moderation_decision",
    "NEW.id = OLD.id AND NEW.sequence = OLD.sequence AND NEW.incident_id = OLD.incident_id "
    "AND NEW.moderator_id = OLD.moderator_id AND NEW.action = OLD.action AND NEW.decided_at = OLD.decided_at "
    "AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.reason = '' AND NEW.salt = '' "
    "AND NEW.before = {empty} AND NEW.after = {empty}",
)


def guard_decisions() -> None:
    """Name the table to the log's guard. Safe to call twice."""
    if _DECISIONS not in GUARDS:
        GUARDS.append(_DECISIONS)
