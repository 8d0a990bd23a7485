"""Files that GDAL writes, a record batch at a time: GeoPackage, Shapefile, KML, FlatGeobuf.

GDAL stamps files with the time of writing; the same snapshot is to give the same bytes, so the clock that it
sees is the snapshot's.
"""

import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

import pyarrow as pa
import pyogrio
from pyogrio.raw import write_arrow

from impact.publication.models import Snapshot
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.batches import GEOMETRY, placed_batches
from impact.summaries.formats.csv_file import csv_lines
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.qgis_metadata import layer_metadata
from impact.summaries.formats.qgis_style import incidents_style
from impact.summaries.formats.scratch import scratch_folder
from impact.summaries.formats.zipping import add_file

LAYER = "incidents"
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
    """A zip: the shapefile, its style for QGIS, the table of its short names, and where it is from.

    Texts end at 254 bytes.
    """
    moment = snapshot.created_at.astimezone(UTC)
    with gdal_clock(snapshot), scratch_folder() as room:
        reader = placed_batches(snapshot)
        schema = pa.schema(
            [field.with_name(SHORT_NAMES.get(field.name, field.name)) for field in reader.schema]
        )
        short = pa.RecordBatchReader.from_batches(schema, _renamed(reader, schema))
        write_layer(
            short,
            room / f"{LAYER}.shp",
            "ESRI Shapefile",
            layer_options={
                "ENCODING": "UTF-8",
                "DBF_DATE_LAST_UPDATE": f"{moment:%Y-%m-%d}",
                "RESIZE": "NO",
            },
        )
        (room / "columns.csv").write_bytes(_short_names_table())
        said = provenance(snapshot)
        # QGIS takes what is called as the layer is.
        (room / f"{LAYER}.qml").write_text(incidents_style(SHORT_NAMES), encoding="utf-8")
        (room / f"{LAYER}.qmd").write_text(layer_metadata(said, options.language), encoding="utf-8")
        (room / "README.txt").write_text(
            "\n".join(f"{name}: {value}" for name, value in said.items()) + "\n", encoding="utf-8"
        )
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(room.iterdir()):
                add_file(archive, file.name, file, moment)


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
}


def _short_names_table() -> bytes:
    rows: list[list[Any]] = [["short", "column", "meaning", "values"]]
    rows += [
        [SHORT_NAMES.get(note.name, note.name), note.name, note.meaning, note.values]
        for note in data_dictionary()
    ]
    return csv_lines(rows)


def described(reader: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The same rows; each column with its name in words and what it means, for formats that keep them."""
    notes = {note.name: note for note in data_dictionary()}
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
    reader: pa.RecordBatchReader, file: Path, driver: str, **options: Mapping[str, str] | None
) -> None:
    """One layer of points in EPSG:4326 from record batches."""
    write_arrow(
        reader,
        os.fspath(file),
        layer=LAYER,
        driver=driver,
        geometry_name=GEOMETRY,
        geometry_type="Point",
        crs="EPSG:4326",
        **options,
    )


def write_table(table: pa.Table, file: Path, name: str) -> None:
    """A table without geometry beside the layers of a GeoPackage."""
    write_arrow(table, os.fspath(file), layer=name, driver="GPKG", append=True)


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
