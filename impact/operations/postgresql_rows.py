"""Rows written on PostgreSQL: one statement for all rows of a table, which come as one parameter of JSON.

The server makes rows of the JSON by the types of the table (`json_populate_recordset`), so that the statement
is the same for any number of them: it is parsed and planned once a connection, and on our side nothing has to
be quoted. A statement that fails is in the server's log without the rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import msgspec
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model

from impact.operations.columns import (
    Column,
    column_called,
    columns_called,
    columns_of,
    has_key,
    key_of,
    listed,
    table_of,
)


def insert_rows(rows: Sequence[Model], *, unless_there: bool) -> None:
    """Insert rows of one model; `unless_there` leaves out those that a unique constraint refuses."""
    model, with_key = type(rows[0]), has_key(rows[0])
    columns = columns_of(model, with_key=with_key)
    with _cursor() as cursor:
        cursor.execute(_inserting(model, with_key, unless_there), [_as_json(rows, columns, is_new=True)])


def insert_and_say(rows: Sequence[Model], by: str) -> list[Any]:
    """Insert what no unique constraint refuses. The key of each row, in their order; None for one refused."""
    model, with_key = type(rows[0]), has_key(rows[0])
    columns, told = columns_of(model, with_key=with_key), column_called(model, by)
    sql = f"{_inserting(model, with_key, True)} RETURNING {told.quoted}, {key_of(model).quoted}"
    with _cursor() as cursor:
        cursor.execute(sql, [_as_json(rows, columns, is_new=True)])
        keys = dict(cursor.fetchall())
    return [keys.get(told.held(row, is_new=True)) for row in rows]


def change_rows(rows: Sequence[Model], names: tuple[str, ...]) -> None:
    """Write these fields of rows of one model that are there."""
    model = type(rows[0])
    columns = (key_of(model), *columns_called(model, names))
    with _cursor() as cursor:
        cursor.execute(_changing(model, names), [_as_json(rows, columns, is_new=False)])


@contextmanager
def in_one_trip() -> Iterator[None]:
    """Statements in this block are sent one after the other without waiting for what came of each."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _as_json(rows: Sequence[Model], columns: tuple[Column, ...], *, is_new: bool) -> str:
    objects = [{column.member: column.json_value(row, is_new=is_new) for column in columns} for row in rows]
    return msgspec.json.encode(objects).decode()


@cache
def _inserting(model: type[Model], with_key: bool, unless_there: bool) -> str:
    table, columns = table_of(model), listed(columns_of(model, with_key=with_key))
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {_given(table)}{end}"  # noqa: S608


@cache
def _changing(model: type[Model], names: tuple[str, ...]) -> str:
    table, key = table_of(model), key_of(model).quoted
    sets = ", ".join(f"{column.quoted} = given.{column.quoted}" for column in columns_called(model, names))
    return f"UPDATE {table} SET {sets} FROM {_given(table)} given WHERE {table}.{key} = given.{key}"  # noqa: S608


def _given(table: str) -> str:
    return f"json_populate_recordset(NULL::{table}, %s::json)"


def _cursor() -> Any:
    """A cursor of Django's that leaves parameters to the server; it is counted and wrapped as any other."""
    connection.ensure_connection()
    cursor: Any = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]
    return (
        connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
    )
