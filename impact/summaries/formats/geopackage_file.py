"""GeoPackage (OGC 12-128): QGIS opens it with a double click, drawn as on our own maps."""

import sqlite3
from datetime import UTC
from pathlib import Path

import pyarrow as pa

from impact.publication.models import Snapshot
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.batches import placed_batches
from impact.summaries.formats.gdal_files import LAYER, described, gdal_clock, write_layer, write_table
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.qgis_metadata import STANDARD, layer_metadata
from impact.summaries.formats.qgis_style import incidents_style

_STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),
styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""


def write_file(snapshot: Snapshot, file: Path, options: ExportOptions) -> None:
    """A layer of points in WGS 84, a table with its dictionary, and a style by theme for QGIS."""
    said = provenance(snapshot)
    with gdal_clock(snapshot):
        write_layer(
            described(placed_batches(snapshot)),
            file,
            "GPKG",
            layer_metadata=said,
            dataset_metadata=said,
            dataset_options={"VERSION": "1.3"},  # that of 1.4 is not yet known to every program
            layer_options={"IDENTIFIER": said["title"], "DESCRIPTION": said["note"]},
        )
        notes = data_dictionary()
        table = pa.table(
            {name: [getattr(note, name) for note in notes] for name in ("name", "meaning", "values")}
        )
        write_table(table, file, "dictionary")
        moment = f"{snapshot.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            _add_style(connection, moment)
            _add_metadata(connection, layer_metadata(said, options.language), moment)
        connection.close()


def _add_style(connection: sqlite3.Connection, moment: str) -> None:
    connection.execute(_STYLES)
    connection.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
        "styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
        "VALUES ('', '', ?, 'geom', 'themes', ?, '', 1, 'Headlamp', '', '', ?)",
        (LAYER, incidents_style(), moment),
    )
    connection.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        (moment,),
    )


def _add_metadata(connection: sqlite3.Connection, document: str, moment: str) -> None:
    """Beside GDAL's own, in tables that GDAL made for it."""
    added = connection.execute(
        "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) "
        "VALUES ('dataset', ?, 'text/xml', ?)",
        (STANDARD, document),
    )
    connection.execute(
        "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) "
        "VALUES ('table', ?, ?, ?)",
        (LAYER, moment, added.lastrowid),
    )
