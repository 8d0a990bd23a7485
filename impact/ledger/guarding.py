"""The database itself refuses to change what the log says, whatever program asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

REFUSAL = "the log is append-only"


@dataclass(frozen=True, slots=True)
class Guard:
    """A table where rows are added and stay.

    `erasure` is the one UPDATE that it allows, in SQL on OLD and NEW; {empty} is an empty JSON object.
    """

    table: str
    erasure: str = ""


GUARDS = [
    Guard("ledger_entry"),
    Guard(
        "ledger_content",
        "NEW.entry_id = OLD.entry_id AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL "
        "AND NEW.salt = '' AND NEW.details = {empty}",
    ),
    Guard("ledger_head", "NEW.id = OLD.id AND NEW.sequence > OLD.sequence"),
]


def protect_tables() -> None:
    """Put every trigger in place, anew. Needs the owner of the tables on PostgreSQL."""
    with transaction.atomic():
        unprotect_tables()
        tables = set(connection.introspection.table_names())
        for guard in GUARDS:
            if guard.table in tables:
                _run(_statements(guard))


def unprotect_tables(verbs: tuple[str, ...] = ("update", "delete", "truncate")) -> None:
    """Take the triggers off: for rebuilding them, and for test suites that clean up after themselves."""
    tables = set(connection.introspection.table_names())
    for guard in GUARDS:
        if guard.table not in tables:
            continue
        for verb in verbs:
            name = f"{guard.table}_no_{verb}"
            if connection.vendor == "postgresql":
                _run([f"DROP TRIGGER IF EXISTS {name} ON {guard.table}"])
            elif verb != "truncate":
                _run([f"DROP TRIGGER IF EXISTS {name}"])


def guarded_tables() -> list[str]:
    """The names of the guarded tables whose triggers are all there."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        present = {name for (name,) in cursor.fetchall()}
    return [
        guard.table
        for guard in GUARDS
        if {f"{guard.table}_no_{verb}" for verb in ("update", "delete")} <= present
    ]


def may_alter_log() -> bool:
    """Whether the role that the application signs in with could UPDATE or DELETE, were it not for triggers.

    False on SQLite, where there are no roles: whoever can write the file can write all of it.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege('ledger_entry', 'UPDATE') "
            "OR has_table_privilege('ledger_entry', 'DELETE') "
            "OR has_table_privilege('ledger_entry', 'TRUNCATE')"
        )
        return bool(cursor.fetchone()[0])


def doctor_lines() -> Iterator[tuple[str, str, bool]]:
    """What `doctor` says of the log."""
    bare = sorted({guard.table for guard in GUARDS} - set(guarded_tables()))
    yield (
        "log",
        f"not guarded: {', '.join(bare)} (run migrate)" if bare else "append-only, refused by triggers",
        bool(bare),
    )
    if connection.vendor == "postgresql":
        owns = may_alter_log()
        yield (
            "log's role",
            "the application's role owns the log: see protect_log" if owns else "cannot UPDATE or DELETE it",
            False,
        )


def _statements(guard: Guard) -> list[str]:
    return _for_postgresql(guard) if connection.vendor == "postgresql" else _for_sqlite(guard)


def _for_postgresql(guard: Guard) -> list[str]:
    table, allowed = guard.table, guard.erasure.format(empty="'{}'::jsonb") or "false"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        *(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
            for verb in ("update", "delete")
        ),
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def _for_sqlite(guard: Guard) -> list[str]:
    table, allowed = guard.table, guard.erasure.format(empty="'{}'") or "0"
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT coalesce({allowed}, 0) {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
