"""The columns of a table as rows are written to them by hand-made SQL: the same values as Django's own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.gis.db.models import GeometryField
from django.db import connection
from django.db.models import BinaryField, Field, JSONField, Model

# Values that both databases take as they are, unless the field is of a kind that has to wrap them.
_PLAIN = (str, int, float, bool, type(None))
_WRAPPING = (GeometryField, JSONField, BinaryField)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `relation` names the field of a foreign key, "" else."""

    field: "Field[Any, Any]"
    name: str  # of the attribute
    member: str  # of a JSON object
    quoted: str
    is_wrapping: bool
    has_moment: bool  # sets itself to now
    relation: str
    as_json: Callable[[Any], Any] | None

    def held(self, row: Model, *, is_new: bool) -> Any:
        """What the row holds. A key of a row that was stored after this one was made is found in that row."""
        if self.has_moment:
            return self.field.pre_save(row, is_new)
        value = getattr(row, self.name)
        if value is None and self.relation in row._state.fields_cache:
            related = row._state.fields_cache[self.relation]
            value = None if related is None else related.pk
            setattr(row, self.name, value)
        return value

    def value(self, row: Model, *, is_new: bool) -> Any:
        """As a parameter of a statement."""
        value = self.held(row, is_new=is_new)
        if type(value) in _PLAIN and not self.is_wrapping:
            return value
        return self.field.get_db_prep_save(value, connection)

    def json_value(self, row: Model, *, is_new: bool) -> Any:
        """As a member of a JSON object that PostgreSQL makes a row of."""
        value = self.held(row, is_new=is_new)
        return value if value is None or self.as_json is None else self.as_json(value)

    def mark(self, value: Any) -> str:
        """What stands for a value in a statement."""
        if not isinstance(self.field, GeometryField):
            return "%s"
        return str(self.field.get_placeholder(value, None, connection))  # type: ignore[attr-defined]


@cache
def table_of(model: type[Model]) -> str:
    """The quoted name of a model's table."""
    return connection.ops.quote_name(model._meta.db_table)


@cache
def key_of(model: type[Model]) -> Column:
    """The column of the primary key."""
    return next(column for column in _all_columns(model) if column.field.primary_key)


def column_called(model: type[Model], name: str) -> Column:
    """The column of one field; `pk` is the key."""
    return key_of(model) if name == "pk" else columns_called(model, (name,))[0]


@cache
def columns_of(model: type[Model], *, with_key: bool) -> tuple[Column, ...]:
    """The columns of a model; without its key where the database draws it."""
    return tuple(column for column in _all_columns(model) if with_key or not column.field.primary_key)


def has_key(row: Model) -> bool:
    """Whether a new row brings its key, and the database need not draw one."""
    return row._meta.auto_field is None or row.pk is not None


@cache
def columns_called(model: type[Model], names: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of these fields; all but the key when none is named."""
    return tuple(
        column for column in columns_of(model, with_key=False) if not names or column.field.name in names
    )


def listed(columns: tuple[Column, ...]) -> str:
    """The quoted names, with commas between."""
    return ", ".join([column.quoted for column in columns])


@cache
def _all_columns(model: type[Model]) -> tuple[Column, ...]:
    quote = connection.ops.quote_name
    return tuple(
        Column(
            field=field,
            name=field.attname,
            member=str(field.column),
            quoted=quote(str(field.column)),
            is_wrapping=isinstance(field, _WRAPPING),
            has_moment=getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False),
            relation=field.name if field.is_relation else "",
            as_json=_as_json(field),
        )
        for field in model._meta.concrete_fields
    )


def _as_json(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    if isinstance(field, GeometryField):
        return lambda geometry: geometry.hexewkb.decode()
    if isinstance(field, BinaryField):
        return lambda content: "\\x" + bytes(content).hex()
    return None
