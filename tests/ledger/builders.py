"""A log with a bit of everything in it."""

from impact.accounts.models import User
from impact.ledger.chain import log_head, record
from impact.ledger.models import Kind
from impact.moderation.deciding import start_verification, verify_incident
from tests.builders import make_incident


def some_decisions(moderator: User, count: int = 6) -> None:
    for _ in range(count // 2):
        incident = make_incident()
        incident = start_verification(
            incident=incident, moderator=moderator, reason="taken up", expected_version=1
        )
        verify_incident(incident=incident, moderator=moderator, reason="two sources", expected_version=2)


def a_mixed_log(moderator: User, rows: int = 24) -> int:
    """Decisions, sign-ins and exports by turns; returns how many rows there are."""
    while log_head().sequence < rows:
        record(Kind.SIGN_IN, actor_id=moderator.pk, details={"name": moderator.username})
        some_decisions(moderator, 2)
        record(Kind.EXPORT, actor_id=moderator.pk, subject="map", details={"format": "pdf"})
    return log_head().sequence
