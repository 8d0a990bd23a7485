"""Writing rows of several tables at once, by SQL that is put together once for each table.

Django puts a statement together anew for each row and sends each by itself, which at the door where messages
come in takes longer than everything else. Values go through the fields, as Django's own do, so both write
the same; signals are not sent. What is to be written can be gathered first, from several pieces of work, and
then goes out together: one statement for all rows of a table.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from impact.operations import postgresql_rows, sqlite_rows


@dataclass(frozen=True, slots=True)
class Change:
    """Rows of one model to be written: new ones, or the named fields of those that are there."""

    rows: Sequence[Model]
    is_new: bool
    names: tuple[str, ...] = ()
    unless_there: bool = False


Work = Callable[[Sequence[Any]], Sequence[Change | None]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is to be written, in the order in which it was said, and what is still to be worked out."""

    changes: list[Change] = field(default_factory=list)
    unfinished: list[tuple[Work, Model]] = field(default_factory=list)

    def carry_out(self) -> None:
        """Write it, inside the caller's transaction, and be empty again."""
        together: dict[tuple[Any, ...], list[Model]] = {}
        for change in self.changes:
            kind = (type(change.rows[0]), change.is_new, change.names, change.unless_there)
            together.setdefault(kind, []).extend(change.rows)
        self.changes.clear()
        with _database().in_one_trip():
            for (_, is_new, names, unless_there), rows in together.items():
                _write(Change(rows, is_new, names, unless_there))


def work_out(many: Sequence[Gathered]) -> None:
    """Work out what is unfinished in several gatherings, each kind of work once for all of its rows."""
    rows: dict[Work, list[tuple[Gathered, Model]]] = {}
    for gathered in many:
        for work, row in gathered.unfinished:
            rows.setdefault(work, []).append((gathered, row))
        gathered.unfinished.clear()
    for work, owned in rows.items():
        changes = work([row for _, row in owned])
        for (gathered, _), change in zip(owned, changes, strict=True):
            if change is not None:
                gathered.changes.append(change)


def inserting(*rows: Model, unless_there: bool = False) -> Change:
    """Insert new rows of one model. A key that the database draws is not read back.

    `unless_there` leaves out those that a unique constraint refuses.
    """
    return Change(rows, is_new=True, unless_there=unless_there)


def changing(row: Model, *names: str) -> Change:
    """Write these fields of a row that is there, as they are when it is written; all but its key when none
    is named."""
    return Change((row,), is_new=False, names=names)


def write(*changes: Change | None) -> None:
    """Carry changes out in their order, inside the caller's transaction, or gather them; None is none."""
    wanted = [change for change in changes if change is not None]
    gathered = getattr(_gathering, "into", None)
    if gathered is None:
        Gathered(wanted).carry_out()
        return
    gathered.changes.extend(change for change in wanted if change.is_new or not change.rows[0]._state.adding)


def write_for_each(work: Work, row: Model) -> None:
    """Write the change that `work` gives for a row. Where changes are gathered it is asked by `work_out`,
    once for all rows that it was meant for."""
    gathered = getattr(_gathering, "into", None)
    if gathered is None:
        write(*work([row]))
    else:
        gathered.unfinished.append((work, row))


@contextmanager
def gathering(into: Gathered) -> Iterator[None]:
    """In this block what this thread writes is gathered, for the caller to carry out.

    A row that is not stored yet, and not gathered either, is for the caller to insert: what is changed about
    it in this block is written then.
    """
    _gathering.into = into
    try:
        yield
    finally:
        _gathering.into = None


def insert_unless_there(*rows: Model, by: str) -> bool:
    """Insert rows of one model, those left out that a unique constraint refuses. Whether all were inserted.

    Those that were have their key then. `by` is a unique field that tells them apart: "pk" where they bring
    their key. Not "insert and catch": a refused insert would be written into PostgreSQL's log.
    """
    keys = _database().insert_and_say(rows, by)
    for row, key in zip(rows, keys, strict=True):
        if key is not None:
            row.pk = key if row.pk is None else row.pk
            _mark_stored(row)
    return None not in keys


def _write(change: Change) -> None:
    if not change.is_new:
        _database().change_rows(change.rows, change.names)
        return
    _database().insert_rows(change.rows, unless_there=change.unless_there)
    for row in change.rows:
        _mark_stored(row)


def _mark_stored(row: Model) -> None:
    row._state.adding, row._state.db = False, connection.alias


def _database() -> Any:
    return postgresql_rows if connection.vendor == "postgresql" else sqlite_rows


_gathering = threading.local()
