import csv
import io
import json
from pathlib import Path

import pyogrio
import pytest
from django.core.management import CommandError, call_command

from impact.publication.models import Snapshot
from impact.publication.snapshots import take_snapshot
from impact.summaries.exporting import FORMATS, UnknownFormat, write_export
from impact.summaries.formats.csv_file import defused
from impact.summaries.formats.rows import COLUMNS
from tests.builders import make_area, make_published

pytestmark = pytest.mark.django_db


def export_of(snapshot: Snapshot, name: str) -> bytes:
    stream = io.BytesIO()
    write_export(snapshot, name, stream)
    return stream.getvalue()


@pytest.fixture
def snapshot() -> Snapshot:
    area = make_area(name="Kamonia", kind="artisanal")
    make_published(harms=("killing", "injury"), areas=((area, 3200.0),))
    make_published(harms=("chemicals",), longitude=None, latitude=None, text="=HYPERLINK(1)", country="SL")
    return take_snapshot()


def test_it_writes_geojson_with_a_null_geometry_for_what_has_no_place(snapshot: Snapshot) -> None:
    written = json.loads(export_of(snapshot, "geojson"))
    assert written["snapshot"] == snapshot.pk
    assert written["digest_sha256"] == snapshot.digest
    by_theme = {feature["properties"]["theme"]: feature for feature in written["features"]}
    assert by_theme["violence"]["geometry"] == {"type": "Point", "coordinates": [20.8, -6.4]}
    assert by_theme["environment"]["geometry"] is None
    assert "lon" not in by_theme["violence"]["properties"]


def test_gdal_reads_the_geojson(snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(export_of(snapshot, "geojson"))
    frame = pyogrio.read_dataframe(file)
    assert len(frame) == 2
    assert frame.crs.to_epsg() == 4326


def test_it_writes_csv_that_names_its_snapshot_in_every_row(snapshot: Snapshot) -> None:
    rows = list(csv.DictReader(io.StringIO(export_of(snapshot, "csv").decode())))
    assert {row["snapshot"] for row in rows} == {snapshot.pk}
    assert {row["digest_sha256"] for row in rows} == {snapshot.digest}
    by_country = {row["country"]: row for row in rows}
    assert by_country["CD"]["harms"] == "killing; injury"
    assert (by_country["CD"]["nearest_area"], by_country["CD"]["nearest_area_km"]) == ("Kamonia", "3")
    assert by_country["CD"]["lon"] == "20.8"
    assert by_country["SL"]["lon"] == ""


def test_no_spreadsheet_runs_what_a_text_says(snapshot: Snapshot) -> None:
    rows = list(csv.DictReader(io.StringIO(export_of(snapshot, "csv").decode())))
    assert "'=HYPERLINK(1)" in {row["text"] for row in rows}


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "%0A=1", "\t=1", "\r=1", "＝1+1", " =1", "\ufeff=1", "\u200b+1"],
)
def test_it_defuses_every_start_of_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("value", ["two men - shot", "a=b", "", -1.5, 3, None])
def test_it_leaves_what_is_no_formula_alone(value: object) -> None:
    assert defused(value) == value


def test_it_writes_a_geopackage_with_types(snapshot: Snapshot, tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    file.write_bytes(export_of(snapshot, "gpkg"))
    described = pyogrio.read_info(file, layer="incidents")
    assert described["layer_metadata"]["digest_sha256"] == snapshot.digest
    assert dict(zip(described["fields"], described["dtypes"], strict=True))["killed"].startswith("int")
    frame = pyogrio.read_dataframe(file).set_index("theme")
    assert set(frame.columns) == {*COLUMNS, "geometry"} - {"theme"}
    assert (frame.geometry["violence"].x, frame.geometry["violence"].y) == (20.8, -6.4)
    assert frame.geometry["environment"] is None


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_snapshot_gives_the_same_bytes(snapshot: Snapshot, name: str) -> None:
    assert export_of(snapshot, name) == export_of(snapshot, name)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_published_is_a_file_too(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"a.{FORMATS[name].extension}"
    file.write_bytes(export_of(take_snapshot(), name))
    assert len(pyogrio.read_dataframe(file)) == 0


def test_it_names_the_formats_that_there_are(snapshot: Snapshot) -> None:
    with pytest.raises(UnknownFormat, match="docx is not one of: geojson, csv, gpkg"):
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


def test_the_command_makes_a_file_of_an_older_snapshot(snapshot: Snapshot, tmp_path: Path) -> None:
    make_published(country="AO")
    file = tmp_path / "a.csv"
    call_command("export_data", "csv", "--snapshot", snapshot.pk, "-o", str(file))
    assert "AO" not in {row["country"] for row in csv.DictReader(io.StringIO(file.read_text()))}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--snapshot", "nosuch"], "there is no snapshot nosuch"),
        (["--filter", "theme=peace"], "theme"),
        (["--filter", "theme"], "name=value"),
        (["-o", "/nonexistent/a.csv"], "/nonexistent/a.csv: No such file or directory"),
    ],
)
def test_the_command_says_in_one_line_what_is_wrong(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("export_data", "csv", *arguments)
