"""Writing rows of several tables at once, by SQL that is put together once for each table.

Django puts a statement together anew at each call and sends each by itself, which at the door where messages
come in takes longer than everything else. Values go through the fields, as Django's own do, so both write
the same; signals are not sent. On PostgreSQL all statements of a call go out in one round trip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import connection
from django.db.models import BinaryField, DateField, Field, JSONField, Model, TimeField

# Values that both databases take as they are, unless the field is of a kind that has to wrap them.
_PLAIN = (str, int, float, bool, type(None))
_WRAPPING = (GeometryField, JSONField, BinaryField)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its values."""

    sql: str
    values: Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Column:
    field: "Field[Any, Any]"
    name: str  # of the attribute
    quoted: str
    is_wrapping: bool
    has_moment: bool  # may set itself to now

    def value(self, row: Model, *, is_new: bool) -> Any:
        value = self.field.pre_save(row, is_new) if self.has_moment else getattr(row, self.name)
        if type(value) in _PLAIN and not self.is_wrapping:
            return value
        return self.field.get_db_prep_save(value, connection)

    def mark(self, value: Any) -> str:
        """What stands for a value in a statement."""
        if not isinstance(self.field, GeometryField):
            return "%s"
        return str(self.field.get_placeholder(value, None, connection))  # type: ignore[attr-defined]


def inserting(*rows: Model, unless_there: bool = False) -> Statement:
    """Insert new rows of one model. A key that the database draws is not read back.

    `unless_there` leaves out those that a unique constraint refuses.
    """
    model, has_key = type(rows[0]), rows[0].pk is not None
    values: list[Any] = []
    places = ", ".join([_places(row, _columns(model, has_key), values) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    end = " ON CONFLICT DO NOTHING" if unless_there else ""
    return Statement(f"INSERT INTO {_into(model, has_key)} VALUES {places}{end}", values)  # noqa: S608


def changing(row: Model, *names: str) -> Statement:
    """Write these fields of a row that is there, as they are now; all but its key when none is named."""
    model = type(row)
    columns, key = _named(model, names), _key(model)
    values = [column.value(row, is_new=False) for column in columns]
    sets = ", ".join(
        [f"{column.quoted} = {column.mark(value)}" for column, value in zip(columns, values, strict=True)]
    )
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"UPDATE {table} SET {sets} WHERE {key.quoted} = %s"  # noqa: S608 - names of our own
    return Statement(sql, [*values, key.value(row, is_new=False)])


def write(*statements: Statement | None) -> None:
    """Carry statements out in their order, inside the caller's transaction; None is none."""
    wanted = [statement for statement in statements if statement is not None]
    if not wanted:
        return
    with connection.cursor() as cursor:
        if _takes_several():
            values = [value for statement in wanted for value in statement.values]
            cursor.execute(";\n".join(statement.sql for statement in wanted), values)
            return
        for statement in wanted:
            cursor.execute(statement.sql, statement.values)


def insert_unless_there(row: Model) -> bool:
    """Insert a row unless a unique constraint refuses it. Whether it was inserted; then it has its key.

    Not "insert and catch": a refused insert would be written, values and all, into PostgreSQL's log.
    """
    model, has_key = type(row), row.pk is not None
    values: list[Any] = []
    into, places = _into(model, has_key), _places(row, _columns(model, has_key), values)
    sql = f"INSERT INTO {into} VALUES {places} ON CONFLICT DO NOTHING RETURNING {_key(model).quoted}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchone()
    if found is None:
        return False
    if not has_key:
        row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


def _places(row: Model, columns: tuple[_Column, ...], values: list[Any]) -> str:
    """Add the values of a row to `values`, and give the marks that stand for them."""
    marks = []
    for column in columns:
        value = column.value(row, is_new=True)
        values.append(value)
        marks.append(column.mark(value))
    return f"({', '.join(marks)})"


def _takes_several() -> bool:
    """Whether one call may hold several statements: where values are put in on our side (psycopg)."""
    options = connection.settings_dict["OPTIONS"]
    return connection.vendor == "postgresql" and not options.get("server_side_binding")


@cache
def _all_columns(model: type[Model]) -> tuple[_Column, ...]:
    quote = connection.ops.quote_name
    return tuple(
        _Column(
            field=field,
            name=field.attname,
            quoted=quote(str(field.column)),
            is_wrapping=isinstance(field, _WRAPPING),
            has_moment=isinstance(field, (DateField, TimeField)),
        )
        for field in model._meta.concrete_fields
    )


@cache
def _key(model: type[Model]) -> _Column:
    return next(column for column in _all_columns(model) if column.field.primary_key)


@cache
def _columns(model: type[Model], has_key: bool) -> tuple[_Column, ...]:
    return tuple(column for column in _all_columns(model) if has_key or not column.field.primary_key)


@cache
def _named(model: type[Model], names: tuple[str, ...]) -> tuple[_Column, ...]:
    return tuple(
        column for column in _columns(model, has_key=False) if not names or column.field.name in names
    )


@cache
def _into(model: type[Model], has_key: bool) -> str:
    columns = ", ".join(column.quoted for column in _columns(model, has_key))
    return f"{connection.ops.quote_name(model._meta.db_table)} ({columns})"
