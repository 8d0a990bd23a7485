"""The full-text index over SearchEntry: GIN on PostgreSQL, FTS5 kept in step by triggers on SQLite."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLE = "incidents_searchentry"
INDEX = "incidents_search"
_TAKE_OUT = f"INSERT INTO {INDEX}({INDEX}, rowid, document) VALUES ('delete', old.id, old.document);"  # noqa: S608
_PUT_IN = f"INSERT INTO {INDEX}(rowid, document) VALUES (new.id, new.document);"  # noqa: S608
_TRIGGERS = {"insert": _PUT_IN, "update": f"{_TAKE_OUT} {_PUT_IN}", "delete": _TAKE_OUT}


def add_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX {INDEX} ON {TABLE} USING gin (to_tsvector('simple', document))")
        return
    schema_editor.execute(
        f"CREATE VIRTUAL TABLE {INDEX} USING fts5("
        f"document, content='{TABLE}', content_rowid='id', tokenize='unicode61 remove_diacritics 0')"
    )
    for verb, statements in _TRIGGERS.items():
        schema_editor.execute(
            f"CREATE TRIGGER {INDEX}_{verb} AFTER {verb.upper()} ON {TABLE} BEGIN {statements} END"
        )


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")
        return
    for verb in _TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {INDEX}_{verb}")
    schema_editor.execute(f"DROP TABLE {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_desk_columns")]
    operations = [migrations.RunPython(add_index, drop_index)]
