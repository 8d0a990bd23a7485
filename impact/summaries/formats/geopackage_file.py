"""GeoPackage (OGC 12-128): QGIS opens it with a double click, drawn as on our own maps."""

import sqlite3
from datetime import UTC
from pathlib import Path

import pyarrow as pa
from django.utils.translation import gettext as _

from impact.publication.models import Snapshot
from impact.summaries.formats.about import ColumnNote, area_dictionary, link_dictionary, provenance
from impact.summaries.formats.area_tables import FileAreas
from impact.summaries.formats.batches import placed_batches
from impact.summaries.formats.gdal_files import (
    AREAS,
    LAYER,
    LINES,
    LINKS,
    OUTLINES,
    area_layers,
    described,
    file_dictionary,
    gdal_clock,
    styles,
    write_layer,
)
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.qgis_metadata import STANDARD, layer_metadata

_STYLES = """
CREATE TABLE layer_styles (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30),
styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
"""
# Related tables, OGC 18-000: which programs show, beside an incident, the areas near it, and the other way.
_RELATIONS = """
CREATE TABLE gpkgext_relations (id INTEGER PRIMARY KEY AUTOINCREMENT, base_table_name TEXT NOT NULL,
base_primary_column TEXT NOT NULL DEFAULT 'id', related_table_name TEXT NOT NULL,
related_primary_column TEXT NOT NULL DEFAULT 'id', relation_name TEXT NOT NULL,
mapping_table_name TEXT NOT NULL UNIQUE)
"""
_RELATED_TABLES = ("gpkg_related_tables", "http://www.geopackage.org/18-000.html", "read-write")


def write_file(snapshot: Snapshot, file: Path, options: ExportOptions) -> None:
    """Layers in WGS 84: incidents, and the producing areas around them as points and as outlines; a table
    of which is near which, with its relation; the dictionary; and styles for QGIS."""
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
        written = _write_areas(snapshot, file)
        _write_table(_dictionary(), file, "dictionary")
        moment = f"{snapshot.created_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            _add_relation(connection)
            _add_styles(connection, [LAYER, *written], moment)
            _add_metadata(connection, layer_metadata(said, options.language), moment)
        connection.close()


def _write_areas(snapshot: Snapshot, file: Path) -> list[str]:
    """Returns the names of the layers with a geometry."""
    areas, titles = FileAreas(snapshot), _titles()
    written = []
    for name, kind, table in area_layers(areas):
        write_layer(
            described(table.to_reader(), area_dictionary(of_file=True)),
            file,
            "GPKG",
            layer=name,
            kind=kind,
            appends=True,
            layer_options={"IDENTIFIER": titles[name]},
        )
        written.append(name)
    links = described(areas.links(with_numbers=True), [*link_dictionary(), *_numbers()])
    write_layer(
        links, file, "GPKG", layer=LINKS, kind=None, appends=True,
        layer_options={"IDENTIFIER": titles[LINKS], "DESCRIPTION": _("Near does not mean caused by.")},
    )  # fmt: skip
    return written


def _titles() -> dict[str, str]:
    return {
        AREAS: _("Producing areas"),
        OUTLINES: _("Outlines of producing areas"),
        LINES: _("Producing areas that are lines"),
        LINKS: _("Which incident is near which area"),
    }


def _numbers() -> list[ColumnNote]:
    words = _("whole number")
    return [
        ColumnNote("base_id", _("Row of the incident"), _("fid of the incident in this file"), words),
        ColumnNote("related_id", _("Row of the area"), _("fid of the area in this file"), words),
    ]


def _dictionary() -> pa.Table:
    notes = file_dictionary()
    notes[LINKS] = [*_numbers(), *notes[LINKS]]
    rows = [
        {"layer": layer, "name": note.name, "meaning": note.meaning, "values": note.values}
        for layer, told in notes.items()
        for note in told
    ]
    return pa.Table.from_pylist(rows)


def _write_table(table: pa.Table, file: Path, name: str) -> None:
    write_layer(table.to_reader(), file, "GPKG", layer=name, kind=None, appends=True)


def _add_relation(connection: sqlite3.Connection) -> None:
    connection.execute(_RELATIONS)
    connection.execute(
        "INSERT INTO gpkgext_relations (base_table_name, base_primary_column, related_table_name, "
        "related_primary_column, relation_name, mapping_table_name) "
        "VALUES (?, 'fid', ?, 'fid', 'features', ?)",
        (LAYER, AREAS, LINKS),
    )
    connection.executemany(
        "INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope) "
        "VALUES (?, NULL, ?, ?, ?)",
        [(table, *_RELATED_TABLES) for table in ("gpkgext_relations", LINKS)],
    )
    # From either side a program asks for all rows of one.
    for column in ("base_id", "related_id"):
        connection.execute(f"CREATE INDEX {LINKS}_{column} ON {LINKS} ({column})")


def _add_styles(connection: sqlite3.Connection, layers: list[str], moment: str) -> None:
    connection.execute(_STYLES)
    documents = styles()
    connection.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, "
        "styleName, styleQML, styleSLD, useAsDefault, description, owner, ui, update_time) "
        "VALUES ('', '', ?, 'geom', ?, ?, '', 1, 'Headlamp', '', '', ?)",
        [(name, "themes" if name == LAYER else "kinds", documents[name], moment) for name in layers],
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
