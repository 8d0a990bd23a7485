import csv
import io
import json
import sqlite3
import subprocess
import time
import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import pandas
import pyarrow.parquet as pq
import pyogrio
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from openpyxl import load_workbook

from impact.publication.models import Snapshot, SnapshotPart
from impact.publication.snapshots.taking import snapshot_records, take_snapshot
from impact.summaries.exporting import (
    FORMATS,
    UnknownFormat,
    dictionary_file,
    write_export,
    write_export_file,
)
from impact.summaries.formats.acled_style import COLUMNS as ACLED_COLUMNS
from impact.summaries.formats.batches import COLUMNS
from impact.summaries.formats.gdal_files import SHORT_NAMES
from impact.summaries.formats.options import ExportOptions
from tests.builders import make_area, make_published
from tests.programs import needs

pytestmark = pytest.mark.django_db
GDAL_FORMATS = [name for name in FORMATS if name not in {"xlsx", "parquet"}]


def export_of(snapshot: Snapshot, name: str, options: ExportOptions | None = None) -> bytes:
    stream = io.BytesIO()
    write_export(snapshot, name, stream, options)
    return stream.getvalue()


def file_of(snapshot: Snapshot, name: str, directory: Path) -> Path:
    file = directory / f"a.{FORMATS[name].extension}"
    file.write_bytes(export_of(snapshot, name))
    return file


def rows_of(snapshot: Snapshot, options: ExportOptions | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_of(snapshot, "csv", options).decode())))


@pytest.fixture
def snapshot() -> Snapshot:
    area = make_area(name="Kamonia", kind="artisanal")
    other = make_area(name='Catoca "north", Lunda', kind="industrial", country="AO")
    make_published(harms=("killing", "injury"), areas=((area, 3200.0), (other, 21_000.0)))
    make_published(harms=("chemicals",), longitude=None, latitude=None, text="=HYPERLINK(1)", country="SL")
    return take_snapshot()


def test_it_writes_geojson_with_a_null_geometry_for_what_has_no_place(snapshot: Snapshot) -> None:
    written = json.loads(export_of(snapshot, "geojson"))
    assert written["snapshot"] == snapshot.pk
    assert written["digest_sha256"] == snapshot.digest
    assert set(written["dictionary"]) == set(COLUMNS)
    by_theme = {feature["properties"]["theme"]: feature for feature in written["features"]}
    assert by_theme["violence"]["geometry"] == {"type": "Point", "coordinates": [20.8, -6.4]}
    assert by_theme["environment"]["geometry"] is None
    records = {record["id"]: record for record in snapshot_records(snapshot)}
    for feature in written["features"]:
        left = {name: value for name, value in records[feature["id"]].items() if name not in {"lon", "lat"}}
        assert feature["properties"] == left


def test_a_text_that_looks_like_a_record_moves_no_point() -> None:
    hostile = 'x","lat":1.0,"lon":2.0,"id":"feed","salt":"' + "\n\u2028\r"
    make_published(text=hostile)
    [feature] = json.loads(export_of(take_snapshot(), "geojson"))["features"]
    assert feature["geometry"]["coordinates"] == [20.8, -6.4]
    assert feature["properties"]["text"] == hostile
    assert "salt" not in feature["properties"]


@pytest.mark.parametrize("name", GDAL_FORMATS)
def test_gdal_reads_what_was_published(snapshot: Snapshot, name: str, tmp_path: Path) -> None:
    file = file_of(snapshot, name, tmp_path)
    path = f"/vsizip/{file}" if name == "shp" else str(file)
    listed = pyogrio.list_layers(path)[:, 0]
    frame = pyogrio.read_dataframe(path, layer="incidents" if "incidents" in listed else None)
    assert len(frame) == 2
    if name != "csv":
        assert frame.crs.to_epsg() == 4326
        placed = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
        assert [(point.x, point.y) for point in placed.geometry] == [(20.8, -6.4)]


@pytest.mark.parametrize("name", ["gpkg", "fgb", "geojson", "shp", "kml"])
def test_ogrinfo_of_the_system_finds_no_fault(snapshot: Snapshot, name: str, tmp_path: Path) -> None:
    needs("ogrinfo", "gdal-bin")
    file = file_of(snapshot, name, tmp_path)
    source = f"/vsizip/{file}" if name == "shp" else str(file)
    said = subprocess.run(["ogrinfo", "-so", "-al", source], capture_output=True, text=True, check=True)
    assert "Feature Count: 2" in said.stdout
    assert "ERROR" not in said.stderr


def test_it_writes_csv_that_names_its_snapshot_in_every_row(snapshot: Snapshot) -> None:
    rows = rows_of(snapshot)
    assert {row["snapshot"] for row in rows} == {snapshot.pk}
    assert {row["digest_sha256"] for row in rows} == {snapshot.digest}
    by_country = {row["country"]: row for row in rows}
    assert by_country["CD"]["harms"] == "killing; injury"
    assert (by_country["CD"]["nearest_area"], by_country["CD"]["nearest_area_km"]) == ("Kamonia", "3")
    assert by_country["CD"]["areas"] == 'Kamonia (3 km); Catoca "north", Lunda (21 km)'
    assert by_country["CD"]["lon"] == "20.8"
    assert by_country["CD"]["occurred_from"] == "2026-11-16"
    assert by_country["SL"]["lon"] == ""
    assert by_country["SL"]["text"] == "'=HYPERLINK(1)"


def test_a_row_of_tags_stands_under_the_head(snapshot: Snapshot) -> None:
    tags = rows_of(snapshot, ExportOptions(has_hxl=True))[0]
    assert all(tag.startswith("#") for tag in tags.values())
    assert tags["killed"] == "#affected+ind+killed"
    assert tags["lat"] == "#geo+lat"


def test_columns_in_the_style_of_acled(snapshot: Snapshot) -> None:
    rows = rows_of(snapshot, ExportOptions(is_acled_style=True))
    assert tuple(rows[0]) == ACLED_COLUMNS
    [row] = [row for row in rows if row["country"].startswith("Democratic")]
    assert (row["iso"], row["inter1"], row["fatalities"]) == ("180", "1", "2")
    assert (row["time_precision"], row["geo_precision"]) == ("2", "2")
    assert (row["latitude"], row["longitude"]) == ("-6.4", "20.8")


def test_it_writes_a_geopackage_with_types_a_dictionary_and_a_style(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    file = file_of(snapshot, "gpkg", tmp_path)
    described = pyogrio.read_info(file, layer="incidents")
    assert described["layer_metadata"]["digest_sha256"] == snapshot.digest
    types = dict(zip(described["fields"], described["dtypes"], strict=True))
    assert types["killed"].startswith("int")
    assert types["occurred_from"].startswith("datetime64")
    frame = pyogrio.read_dataframe(file, layer="incidents").set_index("theme")
    assert set(frame.columns) == {*COLUMNS, "geometry"} - {"theme"}
    assert frame.geometry["environment"] is None
    dictionary = pyogrio.read_dataframe(file, layer="dictionary")
    assert set(dictionary["name"][dictionary["layer"] == "incidents"]) == set(COLUMNS)
    with sqlite3.connect(file) as connection:
        [style] = connection.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'incidents'"
        ).fetchone()
    assert 'attr="theme"' in style
    assert style.count("<category ") == 5


def test_a_shapefile_comes_with_the_table_of_its_short_names(snapshot: Snapshot, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(export_of(snapshot, "shp")))
    names = set(archive.namelist())
    assert {
        "incidents.shp",
        "incidents.dbf",
        "incidents.prj",
        "incidents.cpg",
        "columns.csv",
        "README.txt",
    } <= names
    table = list(csv.DictReader(io.StringIO(archive.read("columns.csv").decode())))
    table = [row for row in table if row["file"] == "incidents"]
    assert {row["column"]: row["short"] for row in table}["perpetrator"] == SHORT_NAMES["perpetrator"]
    assert snapshot.digest in archive.read("README.txt").decode()
    frame = pyogrio.read_dataframe(f"/vsizip/{file_of(snapshot, 'shp', tmp_path)}")
    assert set(frame.columns) - {"geometry"} == {row["short"] for row in table}


def test_a_workbook_has_typed_cells_and_a_dictionary(snapshot: Snapshot, tmp_path: Path) -> None:
    book = load_workbook(file_of(snapshot, "xlsx", tmp_path))
    incidents, dictionary, about = (book[name] for name in ("Incidents", "Dictionary", "About"))
    head = [cell.value for cell in incidents[1]]
    rows = [dict(zip(head, row, strict=True)) for row in incidents.iter_rows(min_row=2, values_only=True)]
    [row] = [row for row in rows if row["country"] == "CD"]
    assert (row["killed"], row["lon"], row["is_fictional"]) == (2, 20.8, False)
    assert row["occurred_from"].isoformat() == "2026-11-16T00:00:00"  # type: ignore[union-attr]
    told = [[cell.value for cell in row] for row in dictionary.iter_rows()]
    assert [name for name, _meaning, _values, sheet in told if sheet == "Incidents"] == list(COLUMNS)
    assert snapshot.digest in {cell.value for cell in about["B"]}
    assert {cell.data_type for row in incidents.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
        "b",
    }


def test_geoparquet_is_read_by_geopandas(snapshot: Snapshot, tmp_path: Path) -> None:
    file = file_of(snapshot, "parquet", tmp_path)
    frame = geopandas.read_parquet(file).set_index("theme")
    assert frame.crs.equals("OGC:CRS84")
    assert (frame.geometry["violence"].x, frame.geometry["violence"].y) == (20.8, -6.4)
    said = json.loads(pq.read_schema(file).metadata[b"headlamp"])
    assert said["digest_sha256"] == snapshot.digest


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_snapshot_gives_the_same_bytes_in_any_time_zone(
    snapshot: Snapshot, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = export_of(snapshot, name), tmp_path / "without ending"
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    try:
        with timezone.override(ZoneInfo("Asia/Kathmandu")):
            assert export_of(snapshot, name) == here
            write_export_file(snapshot, name, elsewhere)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert elsewhere.read_bytes() == here


@pytest.mark.parametrize("name", FORMATS)
def test_a_snapshot_of_an_older_version_gives_the_same_bytes(snapshot: Snapshot, name: str) -> None:
    here = export_of(snapshot, name)
    SnapshotPart.objects.all().delete()
    assert export_of(Snapshot.objects.defer("rows").get(), name) == here


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_published_is_a_file_too(name: str, tmp_path: Path) -> None:
    file = file_of(take_snapshot(), name, tmp_path)
    if name == "xlsx":
        assert load_workbook(file)["Incidents"].max_row == 1
    elif name == "parquet":
        assert len(geopandas.read_parquet(file)) == 0
    else:
        assert len(pyogrio.read_dataframe(f"/vsizip/{file}" if name == "shp" else file, layer=0)) == 0


def test_every_format_says_the_same(snapshot: Snapshot, tmp_path: Path) -> None:
    expected = pandas.read_csv(io.BytesIO(export_of(snapshot, "csv")))["killed"].sum()
    for name in ("gpkg", "fgb", "kml"):
        assert pyogrio.read_dataframe(file_of(snapshot, name, tmp_path), layer=0)["killed"].sum() == expected
    assert geopandas.read_parquet(file_of(snapshot, "parquet", tmp_path))["killed"].sum() == expected


@pytest.mark.parametrize("language", ["en", "fr", "pt", "sw"])
def test_the_dictionary_is_in_the_chosen_language(snapshot: Snapshot, language: str) -> None:
    words = dictionary_file(snapshot, ExportOptions(language)).decode()
    assert ("People killed" in words) is (language == "en")
    assert snapshot.digest in words
    assert words.count("\n") == len(COLUMNS) + 1 + 9


def test_it_names_the_formats_that_there_are(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownFormat, match="docx is not one of: geojson, csv, gpkg, shp"):
        export_of(snapshot, "docx")


@pytest.mark.usefixtures("snapshot")
def test_the_command_writes_what_a_filter_lets_through(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.csv"
    call_command("export_data", "csv", "--filter", "country=SL", "-o", str(file))
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["country"] for row in rows] == ["SL"]
    assert rows[0]["snapshot"] in capsys.readouterr().err
    assert "People killed" in (tmp_path / "a.dictionary.csv").read_text()
    beside = ["a.areas.geojson", "a.dictionary.csv", "a.incident_areas.csv"]
    assert [entry.name for entry in sorted(tmp_path.iterdir())] == sorted(["a.csv", *beside])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["docx"], "docx is not one of"),
        (["gpkg", "--hxl"], "--hxl and --acled are for csv"),
        (["csv", "--hxl", "--acled"], "choose one"),
        (["csv", "-o", "/nowhere/a.csv"], "/nowhere/a.csv: No such file"),
        (["csv", "--filter", "theme=joy"], "theme"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("export_data", *arguments)
