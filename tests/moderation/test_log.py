import random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from impact.accounts.models import User
from impact.moderation.deciding import start_verification, verify_incident
from impact.moderation.log import first_broken_decision, record_decision
from impact.moderation.models import Action, Decision
from tests.builders import make_incident

pytestmark = pytest.mark.django_db


def some_decisions(moderator: User, count: int = 6) -> None:
    for _ in range(count // 2):
        incident = make_incident()
        incident = start_verification(
            incident=incident, moderator=moderator, reason="taken up", expected_version=1
        )
        verify_incident(incident=incident, moderator=moderator, reason="two sources", expected_version=2)


def tamper(sql: str, *parameters: Any) -> None:
    # Somebody with the database in hand switches the guard off first.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE moderation_decision DISABLE TRIGGER decision_append_only")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS decision_no_update")
        cursor.execute(sql, parameters)


def test_an_untouched_log_is_whole(moderator: User) -> None:
    some_decisions(moderator)
    assert first_broken_decision() is None
    assert list(Decision.objects.values_list("sequence", flat=True)) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE moderation_decision SET reason = 'quietly changed' WHERE sequence = %s",
        "UPDATE moderation_decision SET action = 'grade' WHERE sequence = %s",
        "UPDATE moderation_decision SET digest = 'x' WHERE sequence = %s",
        "UPDATE moderation_decision SET salt = 'x' WHERE sequence = %s",
        "DELETE FROM moderation_decision WHERE sequence = %s",
        "UPDATE moderation_decision SET sequence = sequence + 100 WHERE sequence = %s",
    ],
)
def test_it_finds_the_row_that_was_altered(moderator: User, sql: str) -> None:
    some_decisions(moderator)
    chosen = random.Random(sql).randint(1, 5)
    tamper(sql, chosen)
    broken = first_broken_decision()
    assert broken is not None
    assert broken.sequence == chosen
    with pytest.raises(CommandError, match=f"decision {chosen}"):
        call_command("verify_log")


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_or_delete(moderator: User, verb: str) -> None:
    some_decisions(moderator, 2)
    if connection.vendor == "sqlite" and verb == "DELETE":
        with connection.cursor() as cursor:  # the suite's set-up took it off; see tests/conftest.py
            cursor.execute(
                "CREATE TRIGGER decision_no_delete BEFORE DELETE ON moderation_decision "
                "BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END"
            )
    sql = {
        "UPDATE": "UPDATE moderation_decision SET reason = 'x'",
        "DELETE": "DELETE FROM moderation_decision",
    }[verb]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert first_broken_decision() is None


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
