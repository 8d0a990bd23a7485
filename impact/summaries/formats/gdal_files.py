"""Files that GDAL writes, a record batch at a time: GeoPackage, Shapefile, KML, FlatGeobuf.

GDAL stamps files with the time of writing; the same snapshot is to give the same bytes, so the clock that it
sees is the snapshot's.
"""

import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import pyarrow as pa
import pyogrio
from pyogrio.raw import write_arrow

from impact.publication.models import Snapshot
from impact.summaries.formats.about import (
    ColumnNote,
    area_dictionary,
    data_dictionary,
    link_dictionary,
    provenance,
)
from impact.summaries.formats.area_tables import FileAreas
from impact.summaries.formats.batches import GEOMETRY, placed_batches
from impact.summaries.formats.csv_file import csv_lines
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.qgis_metadata import layer_metadata
from impact.summaries.formats.qgis_style import area_outlines_style, areas_style, incidents_style
from impact.summaries.formats.scratch import scratch_folder
from impact.summaries.formats.zipping import add_file

LAYER = "incidents"
AREAS, OUTLINES, LINES, LINKS = "areas", "area_outlines", "area_lines", "incident_areas"
_CLOCK = Lock()  # GDAL's idea of now is one for the whole process


def write_flatgeobuf(snapshot: Snapshot, file: Path, options: ExportOptions) -> None:
    """One layer of points; title and note in the header.

    With its index, and then in the index's order, where every incident has a place: it can hold no other.
    """
    said = provenance(snapshot)
    layer_options = {"TITLE": said["title"], "DESCRIPTION": _about(said)}
    layer_options["SPATIAL_INDEX"] = "NO" if snapshot.without_place or not snapshot.shown else "YES"
    with gdal_clock(snapshot):
        write_layer(described(placed_batches(snapshot)), file, "FlatGeobuf", layer_options=layer_options)


def write_kml(snapshot: Snapshot, file: Path, options: ExportOptions) -> None:
    """A placemark an incident, with every column as extended data; the description says where it is from."""
    said = provenance(snapshot)
    with gdal_clock(snapshot):
        write_layer(
            _in_words(placed_batches(snapshot)),
            file,
            "LIBKML",
            dataset_options={"NAME": said["title"], "DESCRIPTION": _about(said)},
        )


def write_shapefile(snapshot: Snapshot, stream: BinaryIO, options: ExportOptions) -> None:
    """A zip: the shapefiles of incidents and of producing areas, which incident is near which area (a DBF),
    their styles for QGIS, the table of their short names, and where they are from.

    Texts end at 254 bytes.
    """
    moment = snapshot.created_at.astimezone(UTC)
    with gdal_clock(snapshot), scratch_folder() as room:
        _write_short(placed_batches(snapshot), room / f"{LAYER}.shp", moment, "Point")
        areas = FileAreas(snapshot)
        for name, kind, table in area_layers(areas):
            _write_short(table.to_reader(), room / f"{name}.shp", moment, kind)
        _write_short(areas.links(), room / f"{LINKS}.dbf", moment, None)
        (room / "columns.csv").write_bytes(_short_names_table())
        said = provenance(snapshot)
        # QGIS takes what is called as the layer is.
        for name, style in styles(SHORT_NAMES).items():
            if (room / f"{name}.shp").exists():
                (room / f"{name}.qml").write_text(style, encoding="utf-8")
        (room / f"{LAYER}.qmd").write_text(layer_metadata(said, options.language), encoding="utf-8")
        (room / "README.txt").write_text(
            "\n".join(f"{name}: {value}" for name, value in said.items()) + "\n", encoding="utf-8"
        )
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            # Programs that open one layer take the first.
            for file in sorted(room.iterdir(), key=lambda file: (file.stem != LAYER, file.name)):
                add_file(archive, file.name, file, moment)


def area_layers(areas: FileAreas) -> Iterator[tuple[str, str, pa.Table]]:
    """(name, kind of geometry, table) of the layers that producing areas need: a point on each, and the
    outlines and lines that are known. A program shows one kind of geometry a layer."""
    yield AREAS, "Point", areas.placed()
    for name, kind, table in (
        (OUTLINES, "MultiPolygon", areas.outlines()),
        (LINES, "MultiLineString", areas.lines()),
    ):
        if len(table):
            yield name, kind, table


def styles(names: Mapping[str, str] | None = None) -> dict[str, str]:
    """QML by layer; `names`: of columns that are called otherwise in the file."""
    return {
        LAYER: incidents_style(names),
        AREAS: areas_style(names),
        OUTLINES: area_outlines_style(names),
        LINES: area_outlines_style(names, are_lines=True),
    }


def _write_short(reader: pa.RecordBatchReader, file: Path, moment: datetime, kind: str | None) -> None:
    schema = pa.schema([field.with_name(SHORT_NAMES.get(field.name, field.name)) for field in reader.schema])
    write_layer(
        pa.RecordBatchReader.from_batches(schema, _renamed(reader, schema)),
        file,
        "ESRI Shapefile",
        layer=file.stem,
        kind=kind,
        layer_options={
            "ENCODING": "UTF-8",
            "DBF_DATE_LAST_UPDATE": f"{moment:%Y-%m-%d}",
            "RESIZE": "NO",
        },
    )


# A shapefile's names have ten letters at the most.
SHORT_NAMES = {
    "perpetrator": "perpetr",
    "verification": "verified",
    "reliability": "reliab",
    "credibility": "credib",
    "occurred_from": "occ_from",
    "occurred_to": "occ_to",
    "occurred_precision": "occ_prec",
    "uncertainty_m": "uncert_m",
    "nearest_area": "near_area",
    "nearest_area_kind": "near_kind",
    "nearest_area_km": "near_km",
    "published_on": "published",
    "is_fictional": "fictional",
    "is_approximate": "approx",
    "is_retired": "retired",
    "source_date": "source_day",
    "incident_id": "incid_id",
    "distance_km": "dist_km",
}


def _short_names_table() -> bytes:
    rows: list[list[Any]] = [["short", "column", "meaning", "values", "file"]]
    rows += [
        [SHORT_NAMES.get(note.name, note.name), note.name, note.meaning, note.values, name]
        for name, notes in file_dictionary().items()
        for note in notes
    ]
    return csv_lines(rows)


def file_dictionary() -> dict[str, list[ColumnNote]]:
    """The columns of each layer and table of a file that holds them all; outlines have those of areas."""
    return {LAYER: data_dictionary(), AREAS: area_dictionary(of_file=True), LINKS: link_dictionary()}


def described(
    reader: pa.RecordBatchReader, dictionary: Sequence[ColumnNote] | None = None
) -> pa.RecordBatchReader:
    """The same rows; each column with its name in words and what it means, for formats that keep them.

    `dictionary`: that of incidents where none is given.
    """
    notes = {note.name: note for note in dictionary or data_dictionary()}
    fields = []
    for field in reader.schema:
        if note := notes.get(field.name):
            told = f"{note.meaning} [{note.values}]".removesuffix(" []")
            words = {"GDAL:OGR:alternative_name": note.label, "GDAL:OGR:comment": told}
            field = field.with_metadata(words)
        fields.append(field)
    schema = pa.schema(fields)
    return pa.RecordBatchReader.from_batches(schema, _renamed(reader, schema))


def _in_words(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The same rows, days and truth values as text: KML has no days, and programs differ on what is true."""
    fields = [
        field.with_type(pa.string())
        if pa.types.is_date(field.type) or pa.types.is_boolean(field.type)
        else field
        for field in reader.schema
    ]
    schema = pa.schema(fields)
    return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in reader))


def _renamed(reader: pa.RecordBatchReader, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        yield pa.RecordBatch.from_arrays(batch.columns, schema=schema)


def write_layer(
    reader: pa.RecordBatchReader,
    file: Path,
    driver: str,
    *,
    layer: str = LAYER,
    kind: str | None = "Point",
    appends: bool = False,
    **options: Mapping[str, str] | None,
) -> None:
    """One layer in EPSG:4326 from record batches; `kind` is that of its geometries, None for a table.

    `appends`: to the layers that the file has.
    """
    placed = {"geometry_name": GEOMETRY, "geometry_type": kind, "crs": "EPSG:4326"} if kind else {}
    write_arrow(reader, os.fspath(file), layer=layer, driver=driver, append=appends, **placed, **options)


def copy_file(file: Path, stream: BinaryIO) -> None:
    """A file's bytes to the end of a stream, by the kernel where the stream is a file too."""
    with file.open("rb") as source:
        try:
            stream.flush()
            while os.sendfile(stream.fileno(), source.fileno(), None, 1 << 30):
                pass
            if stream.seekable():
                stream.seek(0, os.SEEK_END)
        except OSError:  # what is no file, or a kernel that does not send to one
            shutil.copyfileobj(source, stream, 1 << 20)


@contextmanager
def gdal_clock(snapshot: Snapshot) -> Iterator[None]:
    """GDAL's clock set to the snapshot's. It need not wait for the disk: a file is whole or not at all."""
    moment = snapshot.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _CLOCK:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment, "OGR_SQLITE_SYNCHRONOUS": "OFF"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None, "OGR_SQLITE_SYNCHRONOUS": None})


def _about(said: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in said.items() if name != "title")
