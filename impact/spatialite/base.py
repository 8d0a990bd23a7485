"""Django's SpatiaLite backend, prepared so that newer SQLite libraries accept it.

Django asks SpatiaLite 5 for the full metadata. Its ISO 19115 triggers name the rowid of a view, which
recent SQLite (seen with 3.51) refuses, and then no table can be renamed. The plain metadata has all that we use.
"""

from django.contrib.gis.db.backends.spatialite import base


class DatabaseWrapper(base.DatabaseWrapper):
    def prepare_database(self) -> None:
        """Create SpatiaLite's own tables in a new database. Runs before every migration."""
        with self.cursor() as cursor:
            cursor.execute("PRAGMA table_info(geometry_columns)")
            if not cursor.fetchall():
                cursor.execute("SELECT InitSpatialMetaData(1)")
