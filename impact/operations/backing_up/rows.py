"""All rows as lines of text: what a database of the other kind takes in too.

For each table a line {"model", "columns"}, and then a line for each row: an array in the order of the
columns. Geometries are EWKB in hexadecimal, bytes are Base64, moments and days ISO 8601, decimals text; the
rest is JSON's own. A table that has other columns here is refused: the backup is of another version.
"""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.contrib.gis.geos import GEOSGeometry
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import BinaryField, Field, JSONField, Model

from impact.operations.backing_up.contents import LEFT_OUT, BackupError, table_rows

ROWS = "rows.jsonl.gz"
_AT_ONCE = 500
_TOLD_EVERY = 10_000
# What `migrate` writes by itself, and triggers do.
_MIGRATED = {"auth_permission", "django_content_type", "publication_publicchange"}
_PLAIN = (str, int, float, bool, type(None))

Say = Callable[[str], None]


def dump_rows(folder: Path, say: Say) -> Path:
    """Write every row as it is at one moment. On SQLite writers wait meanwhile."""
    file = folder / ROWS
    with gzip.open(file, "wt", encoding="utf-8") as out, _one_moment():
        for model in _models():
            columns = model._meta.concrete_fields
            head = {"model": model._meta.label, "columns": [column.column for column in columns]}
            out.write(json.dumps(head) + "\n")
            number = 0
            for number, row in enumerate(model._base_manager.order_by("pk").iterator(), start=1):
                out.write(json.dumps([_said(row, column) for column in columns], ensure_ascii=False) + "\n")
                if number % _TOLD_EVERY == 0:
                    say(f"{model._meta.db_table}: {number} rows")
    return file


def load_rows(file: Path, say: Say) -> None:
    """Put the rows into this database, all or none. It is migrated first, and must hold nothing yet.

    Raises BackupError for a database that holds something, and for rows of another version.
    """
    call_command("migrate", verbosity=0)
    if any(rows for table, rows in table_rows().items() if table not in _MIGRATED):
        raise BackupError("this database is not empty: rows go into an empty one")
    known = {model._meta.label: model for model in _models()}
    with transaction.atomic():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for head, rows in _tables(lines):
                _load(known.get(head["model"]), head, rows, say)
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [*known.values()]):
                cursor.execute(statement)


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _models() -> list[type[Model]]:
    """What is backed up. Rows may point at each other in any order: the database looks at the end.

    What is written by triggers comes last, when they have done.
    """
    models = apps.get_models(include_auto_created=True)
    kept = [model for model in models if model._meta.managed and model._meta.db_table not in LEFT_OUT]
    return sorted(kept, key=lambda model: model._meta.db_table in _MIGRATED)


def _tables(lines: Iterator[str]) -> Iterator[tuple[dict[str, Any], Iterator[list[Any]]]]:
    """The head of each table with its rows, which have to be read before the next head is asked for."""
    line = next(lines, "")
    while line:
        head: dict[str, Any] = json.loads(line)
        following = ""

        def rows() -> Iterator[list[Any]]:
            nonlocal following
            for following in lines:
                if following.startswith("{"):
                    return
                yield json.loads(following)
            following = ""

        yield head, rows()
        line = following


def _load(model: type[Model] | None, head: dict[str, Any], rows: Iterator[list[Any]], say: Say) -> None:
    columns = model._meta.concrete_fields if model else ()
    if model is None or [column.column for column in columns] != head["columns"]:
        raise BackupError(f"{head['model']} is of another version: restore with the version that made it")
    if model._meta.db_table in _MIGRATED:
        model._base_manager.all()._raw_delete(connection.alias)
    names, done = [column.attname for column in columns], 0
    objects = (
        model.from_db(connection.alias, names, [_meant(*pair) for pair in zip(columns, row, strict=True)])
        for row in rows
    )
    size = min(_AT_ONCE, connection.ops.bulk_batch_size([*columns], [None] * _AT_ONCE))
    while batch := [*islice(objects, size)]:
        # Not `bulk_create`, which would set the moments that fields set by themselves anew.
        query = model._base_manager.all()
        query._insert(batch, fields=[*columns], using=connection.alias, raw=True)  # type: ignore[attr-defined]
        done += len(batch)
        if done // _TOLD_EVERY > (done - len(batch)) // _TOLD_EVERY:
            say(f"{model._meta.db_table}: {done} rows")


def _said(row: Model, column: "Field[Any, Any]") -> Any:
    value = column.value_from_object(row)
    if value is None or isinstance(column, JSONField):
        return value
    if isinstance(column, GeometryField):
        return value.hexewkb.decode()
    if isinstance(column, BinaryField):
        return base64.b64encode(bytes(value)).decode()
    return value if type(value) in _PLAIN else column.value_to_string(row)


def _meant(column: "Field[Any, Any]", said: Any) -> Any:
    if said is None or isinstance(column, JSONField):
        return said
    if isinstance(column, GeometryField):
        return GEOSGeometry(said)
    if isinstance(column, BinaryField):
        return base64.b64decode(said)
    return column.to_python(said)
