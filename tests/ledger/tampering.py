"""Somebody with the database in hand: what they could do to the log, drawn by chance."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from impact.ledger.chain import entry_digest
from impact.ledger.guarding import unprotect_tables
from impact.ledger.models import Entry, Head
from impact.moderation.log import content_digest
from impact.moderation.models import Decision

Tamper = Callable[[random.Random, int], None]


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def _values(sql: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def edit_entry(draw: random.Random, count: int) -> None:
    column, value = draw.choice(
        [("subject", "CASE-ANEW"), ("kind", "export"), ("digest", "f" * 64), ("actor_id", None)]
    )
    chosen = _values(
        f"SELECT sequence FROM ledger_entry WHERE {column} IS NOT NULL AND {column} <> %s"  # noqa: S608
        if value is not None
        else "SELECT sequence FROM ledger_entry WHERE actor_id IS NOT NULL AND '' = %s",
        value or "",
    )
    run(f"UPDATE ledger_entry SET {column} = %s WHERE sequence = %s", value, draw.choice(chosen))  # noqa: S608


def edit_moment(draw: random.Random, count: int) -> None:
    run(
        "UPDATE ledger_entry SET recorded_at = %s WHERE sequence = %s",
        f"20{draw.randint(10, 19)}-03-01 10:00:00",
        draw.randint(1, count),
    )


def edit_decision(draw: random.Random, count: int) -> None:
    column = draw.choice(["reason", "action", "salt"])
    chosen = draw.choice(_values("SELECT sequence FROM moderation_decision"))
    run(f"UPDATE moderation_decision SET {column} = 'changed' WHERE sequence = %s", chosen)  # noqa: S608


def edit_details(draw: random.Random, count: int) -> None:
    chosen = draw.choice(_values("SELECT entry_id FROM ledger_content"))
    run("UPDATE ledger_content SET details = %s WHERE entry_id = %s", '{"name": "another"}', chosen)


def erase_quietly(draw: random.Random, count: int) -> None:
    chosen = draw.choice(_values("SELECT entry_id FROM ledger_content"))
    run(
        "UPDATE ledger_content SET details = '{}', salt = '', erased_at = '2026-01-01 00:00:00' "
        "WHERE entry_id = %s",
        chosen,
    )


def delete_row(draw: random.Random, count: int) -> None:
    _delete(draw.randint(1, count))


def delete_content(draw: random.Random, count: int) -> None:
    run(
        "DELETE FROM ledger_content WHERE entry_id = %s",
        draw.choice(_values("SELECT entry_id FROM ledger_content")),
    )


def delete_decision(draw: random.Random, count: int) -> None:
    run(
        "DELETE FROM moderation_decision WHERE sequence = %s",
        draw.choice(_values("SELECT sequence FROM moderation_decision")),
    )


def swap_rows(draw: random.Random, count: int) -> None:
    first, second = draw.sample(range(1, count + 1), 2)
    columns = "recorded_at, kind, actor_id, subject, content_digest"
    with connection.cursor() as cursor:
        query = f"SELECT {columns} FROM ledger_entry WHERE sequence = %s"  # noqa: S608
        cursor.execute(query, [first])
        one = cursor.fetchone()
        cursor.execute(query, [second])
        other = cursor.fetchone()
    setting = ", ".join(f"{column} = %s" for column in columns.split(", "))
    for row, sequence in ((other, first), (one, second)):
        run(f"UPDATE ledger_entry SET {setting} WHERE sequence = %s", *row, sequence)  # noqa: S608


def cut_off(draw: random.Random, count: int) -> None:
    for sequence in range(draw.randint(2, count), count + 1):
        _delete(sequence)


def cut_off_head_and_all(draw: random.Random, count: int) -> None:
    """Rows are cut off and the head is put right: only a witness knows that there were more."""
    cut_off(draw, count)
    last = Entry.objects.order_by("-sequence")[0]
    Head.objects.update(sequence=last.sequence, digest=last.digest)


def write_anew(draw: random.Random, count: int) -> None:
    """One row is changed and every digest after it made anew: only a witness knows the old ones."""
    changed = draw.randint(1, count)
    moment = datetime(2020, 1, draw.randint(1, 28), tzinfo=UTC)
    Entry.objects.filter(sequence=changed).update(recorded_at=moment)
    Decision.objects.filter(sequence=changed).update(decided_at=moment)
    for decision in Decision.objects.filter(sequence=changed):
        Entry.objects.filter(pk=changed).update(content_digest=content_digest(decision))
    _chain_anew()
    Head.objects.update(sequence=count, digest=Entry.objects.get(pk=count).digest)


def _chain_anew() -> None:
    previous = ""
    for entry in Entry.objects.order_by("sequence"):
        entry.previous_digest = previous
        entry.digest = previous = entry_digest(entry)
        entry.save()


def slip_in(draw: random.Random, count: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM moderation_decision")
        (top,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO moderation_decision "
            "(id, sequence, incident_id, moderator_id, action, before, after, reason, decided_at, salt) "
            "SELECT %s, %s, incident_id, moderator_id, action, before, after, 'slipped in', decided_at, salt "
            "FROM moderation_decision WHERE id = %s",
            [top + 1000, count + draw.randint(1, 50), top],
        )


def _delete(sequence: int) -> None:
    run("DELETE FROM ledger_content WHERE entry_id = %s", sequence)
    run("DELETE FROM moderation_decision WHERE sequence = %s", sequence)
    run("DELETE FROM ledger_entry WHERE sequence = %s", sequence)


TAMPERS: tuple[Tamper, ...] = (
    edit_entry,
    edit_moment,
    edit_decision,
    edit_details,
    erase_quietly,
    delete_row,
    delete_content,
    delete_decision,
    swap_rows,
    cut_off,
    cut_off_head_and_all,
    write_anew,
    slip_in,
)


def take_guards_off() -> None:
    unprotect_tables()
