import pytest

from impact.accounts.models import User
from impact.ledger.models import Entry
from impact.moderation.log import record_decision
from impact.moderation.models import Action, Decision
from tests.builders import make_incident
from tests.ledger.builders import some_decisions

pytestmark = pytest.mark.django_db


def test_a_decision_is_what_a_row_of_the_log_says(moderator: User) -> None:
    some_decisions(moderator)
    decision = Decision.objects.get(sequence=2)
    entry = Entry.objects.get(sequence=2)
    assert entry.kind == "decision.verify"
    assert entry.subject == decision.incident.reference
    assert entry.actor == moderator


@pytest.mark.django_db(transaction=True)
def test_a_decision_outside_a_transaction_is_a_programming_error(moderator: User) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        record_decision(
            incident=make_incident(),
            moderator=moderator,
            action=Action.GRADE,
            before={},
            after={},
            reason="x",
        )
