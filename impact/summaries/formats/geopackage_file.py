"""GeoPackage (OGC 12-128), written by GDAL: QGIS opens it with a double click."""

import os
import tempfile
from datetime import UTC
from pathlib import Path
from threading import Lock
from typing import Any, BinaryIO

from impact.publication.models import Snapshot
from impact.summaries.formats.rows import COLUMNS, PEOPLE, provenance, snapshot_rows

LAYER = "incidents"
_CLOCK = Lock()  # GDAL's idea of now is one for the whole process
_WHOLE_NUMBERS = (*PEOPLE, "nearest_area_km")
_NUMBERS = ("lon", "lat", "uncertainty_m")
_TEXTS = tuple(column for column in COLUMNS if column not in {*_WHOLE_NUMBERS, *_NUMBERS, "is_fictional"})


def write(snapshot: Snapshot, stream: BinaryIO) -> None:
    """One layer of points in WGS 84, with the snapshot in the layer's metadata."""
    import pyogrio

    moment = snapshot.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    with _CLOCK, tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "export.gpkg"
        # GDAL stamps its files with the time of writing; the same snapshot is to give the same bytes.
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
        try:
            pyogrio.write_dataframe(
                snapshot_frame(snapshot),
                os.fspath(file),
                layer=LAYER,
                driver="GPKG",
                geometry_type="Point",
                layer_metadata=provenance(snapshot),
                dataset_metadata=provenance(snapshot),
            )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        stream.write(file.read_bytes())


def snapshot_frame(snapshot: Snapshot) -> Any:
    """The snapshot as a GeoDataFrame in EPSG:4326, COLUMNS beside the geometry, typed for empty ones too."""
    import geopandas
    import pandas

    frame = pandas.DataFrame(snapshot_rows(snapshot), columns=list(COLUMNS))
    frame = frame.astype(
        {
            **dict.fromkeys(_TEXTS, "string"),
            **dict.fromkeys(_WHOLE_NUMBERS, "Int64"),
            **dict.fromkeys(_NUMBERS, "float64"),
            "is_fictional": "bool",
        }
    )
    geometry = geopandas.GeoSeries.from_xy(frame["lon"], frame["lat"], crs="EPSG:4326")
    geometry[frame["lon"].isna()] = None
    return geopandas.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
