"""Steps of migrations that take indexes away which Django makes by itself and nothing asks by.

Every index of a table is written with each of its rows. A foreign key has one of its own even where another
index begins with its column, and a unique text has a second one on PostgreSQL for `LIKE`.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField, RunPython
from django.db.migrations.state import StateApps


class WithoutOwnIndex(AlterField):
    """A foreign key that gets `db_index=False`: its index is dropped, and the table is not made anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table, field = self._field(app_label, schema_editor, from_state)
        if field is None:
            return
        with schema_editor.connection.cursor() as cursor:
            found = schema_editor.connection.introspection.get_constraints(cursor, table)
        for name, about in found.items():
            if about["index"] and not about["unique"] and about["columns"] == [field.column]:
                schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        _, field = self._field(app_label, schema_editor, to_state)
        if field is not None:
            schema_editor.execute(schema_editor._create_index_sql(field.model, fields=[field]))

    def _field(self, app_label: str, schema_editor: Any, state: Any) -> tuple[str, Any]:
        model = state.apps.get_model(app_label, self.model_name)
        may = self.allow_migrate_model(schema_editor.connection.alias, model)
        return model._meta.db_table, model._meta.get_field(self.name) if may else None


def without_like_indexes(*tables: str) -> RunPython:
    """Drop the indexes for `LIKE` that PostgreSQL has on the unique texts of these tables."""
    return RunPython(_like_dropper(tables), RunPython.noop, elidable=False)


def _like_dropper(tables: tuple[str, ...]) -> Callable[[StateApps, BaseDatabaseSchemaEditor], None]:
    def drop(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                r"SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
                r" AND tablename = ANY(%s) AND indexname LIKE '%%\_like'",
                [list(tables)],
            )
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")

    return drop
