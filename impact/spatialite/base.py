"""Django's SpatiaLite backend, prepared so that newer SQLite libraries accept it.

Django asks SpatiaLite 5 for the full metadata. Its ISO 19115 triggers name the rowid of a view, which
recent SQLite (seen with 3.51) refuses, and then no table can be renamed. The plain metadata has all that
we use.
"""

import os
from pathlib import Path
from typing import Any

from django.contrib.gis.db.backends.spatialite import base

from impact.spatialite.schema import DatabaseSchemaEditor

BUSY_TIMEOUT_MS = 20_000


def _identity(name: object) -> tuple[int, int] | None:
    try:
        found = os.stat(str(name))
    except OSError:
        return None
    return found.st_dev, found.st_ino


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    _opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection whose writers wait: loading SpatiaLite resets SQLite's busy timeout to 5 s.

        The folder of a new file is made, for nobody else to look into; SQLite makes only the file.
        """
        Path(self.settings_dict["NAME"]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = super().get_new_connection(conn_params)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        self._opened = _identity(self.settings_dict["NAME"])
        return connection

    def is_usable(self) -> bool:
        """Whether the open file is still the one of that name: a restored database is another file."""
        return self._opened == _identity(self.settings_dict["NAME"]) and super().is_usable()

    def prepare_database(self) -> None:
        """Create SpatiaLite's own tables in a new database. Runs before every migration."""
        with self.cursor() as cursor:
            cursor.execute("PRAGMA table_info(geometry_columns)")
            if not cursor.fetchall():
                cursor.execute("SELECT InitSpatialMetaData(1)")
