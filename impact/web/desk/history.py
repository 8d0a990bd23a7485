"""The decisions about one case, in words."""

from dataclasses import dataclass
from datetime import datetime

from impact.incidents.models import Incident
from impact.moderation.models import VERSIONLESS, Action, Decision
from impact.web.desk.wording import column_words, value_words


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision: who, when, what moved from where to where, and why."""

    action: str
    moderator: str
    decided_at: datetime
    reason: str
    changes: tuple[Change, ...]
    raises_version: bool = True


def case_history(incident: Incident) -> list[Entry]:
    """All decisions about a case, the first one first."""
    return [_entry(decision) for decision in incident.decisions.select_related("moderator")]


def _entry(decision: Decision) -> Entry:
    return Entry(
        action=str(Action(decision.action).label),
        moderator=str(decision.moderator),
        decided_at=decision.decided_at,
        reason=decision.reason,
        raises_version=decision.action not in VERSIONLESS,
        changes=tuple(
            Change(
                column_words(name),
                value_words(name, decision.before.get(name)),
                value_words(name, decision.after.get(name)),
            )
            for name in decision.after
        ),
    )
