"""Rows written on SQLite: one statement for all rows of a table, with a mark for each of their values."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
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
    sql, values = _inserting(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING" if unless_there else sql, values)


def insert_and_say(rows: Sequence[Model], by: str) -> list[Any]:
    """Insert what no unique constraint refuses. The key of each row, in their order; None for one refused."""
    model = type(rows[0])
    told, key = column_called(model, by), key_of(model)
    sql, values = _inserting(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ON CONFLICT DO NOTHING RETURNING {told.quoted}, {key.quoted}", values)
        keys = dict(cursor.fetchall())
    return [keys.get(told.value(row, is_new=True)) for row in rows]


def change_rows(rows: Sequence[Model], names: tuple[str, ...]) -> None:
    """Write these fields of rows of one model that are there."""
    model = type(rows[0])
    columns, key = columns_called(model, names), key_of(model)
    with connection.cursor() as cursor:
        for row in rows:
            values = [column.value(row, is_new=False) for column in columns]
            sets = ", ".join(
                [
                    f"{column.quoted} = {column.mark(value)}"
                    for column, value in zip(columns, values, strict=True)
                ]
            )
            cursor.execute(
                f"UPDATE {table_of(model)} SET {sets} WHERE {key.quoted} = %s",  # noqa: S608 - names of our own
                [*values, key.value(row, is_new=False)],
            )


@contextmanager
def in_one_trip() -> Iterator[None]:
    """There is no trip to a file."""
    yield


def _inserting(rows: Sequence[Model]) -> tuple[str, list[Any]]:
    model, values = type(rows[0]), list[Any]()
    columns = columns_of(model, with_key=has_key(rows[0]))
    places = ", ".join([_places(row, columns, values) for row in rows])
    return f"INSERT INTO {table_of(model)} ({listed(columns)}) VALUES {places}", values  # noqa: S608


def _places(row: Model, columns: tuple[Column, ...], values: list[Any]) -> str:
    """Add the values of a row to `values`, and give the marks that stand for them."""
    marks = []
    for column in columns:
        value = column.value(row, is_new=True)
        values.append(value)
        marks.append(column.mark(value))
    return f"({', '.join(marks)})"
