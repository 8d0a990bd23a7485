"""Tables that keep their R*Tree.

SQLite changes most columns by making the table again under its old name. Django then renames the spatial
index with it, but SpatiaLite no longer keeps that index up to date: new rows would never be found by it.
"""

from django.contrib.gis.db.backends.spatialite.schema import SpatialiteSchemaEditor
from django.contrib.gis.db.models import GeometryField
from django.db.models import Model


class DatabaseSchemaEditor(SpatialiteSchemaEditor):
    def alter_db_table(self, model: type[Model], old_db_table: str, new_db_table: str) -> None:
        """Rename a table, and index its geometries anew."""
        super().alter_db_table(model, old_db_table, new_db_table)
        if old_db_table == new_db_table:
            return
        for field in model._meta.local_fields:
            if isinstance(field, GeometryField) and field.spatial_index and field.column:
                self.execute(self.sql_drop_spatial_index % {"table": new_db_table, "column": field.column})
                self.execute(
                    self.sql_add_spatial_index
                    % {"table": self.quote_name(new_db_table), "column": self.quote_name(field.column)}
                )
