import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from impact.accounts.models import User
from impact.ledger.chain import record
from impact.ledger.guarding import GUARDS, guarded_tables
from impact.ledger.models import Kind
from impact.moderation.log import erase_entry, first_broken_entry
from tests.ledger.builders import some_decisions

pytestmark = pytest.mark.django_db

STATEMENTS = [
    "UPDATE ledger_entry SET subject = 'x'",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_content SET details = '{}'",
    "UPDATE ledger_content SET entry_id = 77",
    "DELETE FROM ledger_content",
    "UPDATE ledger_head SET sequence = 1",
    "DELETE FROM ledger_head",
    "UPDATE moderation_decision SET reason = 'x'",
    "UPDATE moderation_decision SET reason = '', salt = '', before = '{}', after = '{}', action = 'grade', "
    "erased_at = '2026-01-01 00:00:00'",
    "DELETE FROM moderation_decision",
]


@pytest.fixture
def guarded_log(moderator: User) -> None:
    some_decisions(moderator, 2)
    record(Kind.SIGN_IN, actor_id=moderator.pk, details={"name": "somebody"})


@pytest.mark.parametrize("sql", STATEMENTS)
def test_the_database_refuses_to_change_or_delete(guarded_log: None, sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert first_broken_entry() is None


def test_it_allows_an_erasure_on_the_record(guarded_log: None, moderator: User) -> None:
    erase_entry(1, actor_id=moderator.pk, reason="asked for")
    erase_entry(3, actor_id=moderator.pk, reason="asked for")
    assert first_broken_entry() is None


def test_every_table_of_the_log_is_guarded(guarded_log: None) -> None:
    assert set(guarded_tables()) == {guard.table for guard in GUARDS}
    assert "moderation_decision" in guarded_tables()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")
def test_a_role_that_is_no_owner_can_only_add(guarded_log: None, moderator: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE headlamp_suite")
        call_command("protect_log", role="headlamp_suite", verbosity=0)
        cursor.execute("SET ROLE headlamp_suite")
        for table in ("ledger_entry", "ledger_content", "moderation_decision"):
            granted = []
            for privilege in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute("SELECT has_table_privilege(%s, %s)", [table, privilege])
                if cursor.fetchone()[0]:
                    granted.append(privilege)
            assert granted == ["SELECT", "INSERT"], table
        cursor.execute("RESET ROLE")
