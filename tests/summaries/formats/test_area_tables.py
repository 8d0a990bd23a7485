"""The producing areas that a file brings along, read as others would read them."""

import csv
import io
import json
import sqlite3
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyogrio
import pytest
from openpyxl import load_workbook

from impact.places.models import ProducingArea
from impact.publication.filtering import IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_records, take_snapshot
from impact.summaries.exporting import FORMATS, files_beside, write_export_file
from impact.summaries.formats.about import area_dictionary, link_dictionary
from impact.summaries.formats.area_tables import AREA_SCHEMA, LINK_SCHEMA, FileAreas
from impact.summaries.formats.options import ExportOptions
from impact.vocabulary import AreaKind
from tests.builders import NOW, make_area, make_published
from tests.programs import needs

pytestmark = pytest.mark.django_db
PIT = "POLYGON((21 -7, 22 -7, 22 -6, 21 -6, 21 -7))"
ONE_TABLE = [name for name, chosen in FORMATS.items() if not chosen.holds_areas]


@pytest.fixture
def snapshot() -> Snapshot:
    camp = make_area("Kamonia", kind="artisanal", source_date=date(2024, 6, 30), licence="CC BY 4.0")
    pit = make_area("=Pit", wkt=PIT, kind="industrial", operator="A & B <Mining>")
    make_area("Quiet")
    make_area("Abroad", -11.0, 8.0, country="SL")
    make_area("Gone", retired_on=NOW.date())
    make_published(areas=((camp, 3200.0), (pit, 21_000.0)))
    make_published(areas=((pit, 0.0),))
    make_published(longitude=None, latitude=None)
    return take_snapshot()


def file_of(snapshot: Snapshot, name: str, folder: Path) -> Path:
    file = folder / f"a.{FORMATS[name].extension}"
    write_export_file(snapshot, name, file, ExportOptions())
    return file


def beside(snapshot: Snapshot, name: str) -> dict[str, bytes]:
    written = {}
    for ending, write in files_beside(snapshot, name, ExportOptions()):
        stream = io.BytesIO()
        write(stream)
        written[ending] = stream.getvalue()
    return written


def expected_links(snapshot: Snapshot) -> list[tuple[str, int, int, int]]:
    return [
        (record["id"], area["id"], rank, area["distance_km"])
        for record in snapshot_records(snapshot)
        for rank, area in enumerate(record["areas"], start=1)
    ]


def test_it_brings_the_areas_near_and_those_in_use_in_their_countries(snapshot: Snapshot) -> None:
    rows = {row["name"]: row for row in FileAreas(snapshot).table().to_pylist()}
    assert {name: row["incidents"] for name, row in rows.items()} == {"=Pit": 2, "Kamonia": 1, "Quiet": 0}
    camp = rows["Kamonia"]
    assert (camp["country"], camp["kind"], camp["minerals"]) == ("CD", "artisanal", "diamond")
    assert (camp["source"], camp["licence"], camp["source_date"]) == (
        "the test",
        "CC BY 4.0",
        date(2024, 6, 30),
    )
    assert (rows["=Pit"]["lon"], rows["=Pit"]["lat"]) == (21.5, -6.5)


def test_it_brings_those_of_the_countries_of_the_filter(snapshot: Snapshot) -> None:
    nothing_there = take_snapshot(IncidentFilter.parse({"country": "SL"}))
    assert [area.name for area in FileAreas(nothing_there).areas] == ["Abroad"]


def test_a_retired_area_that_an_incident_is_near_stays(snapshot: Snapshot) -> None:
    ProducingArea.objects.filter(name="=Pit").update(retired_on=NOW.date())
    rows = {row["name"]: row for row in FileAreas(take_snapshot()).table().to_pylist()}
    assert (rows["=Pit"]["is_retired"], rows["=Pit"]["incidents"]) == (True, 2)
    assert "Gone" not in rows


def test_areas_are_those_of_the_moment_of_the_snapshot(snapshot: Snapshot) -> None:
    ProducingArea.objects.filter(name="Kamonia").update(name="Renamed", country="AO")
    assert "Kamonia" in {area.name for area in FileAreas(snapshot).areas}


def test_an_area_of_which_an_old_snapshot_knows_the_name_alone_has_no_place(snapshot: Snapshot) -> None:
    edition = snapshot.areas_edition
    assert edition is not None
    Snapshot.objects.update(areas_edition=None)
    ProducingArea.objects.filter(name="Kamonia").update(joined_to=ProducingArea.objects.get(name="Quiet"))
    areas = FileAreas(Snapshot.objects.get())
    assert {row["name"]: row["lon"] for row in areas.placed().to_pylist()}["Kamonia"] is None
    assert len(list(areas.links().read_all())) == len(LINK_SCHEMA)


def test_every_column_is_in_the_dictionary() -> None:
    assert [note.name for note in area_dictionary()] == AREA_SCHEMA.names
    assert [note.name for note in link_dictionary()] == LINK_SCHEMA.names


def test_a_geopackage_relates_incidents_to_areas(snapshot: Snapshot, tmp_path: Path) -> None:
    file = file_of(snapshot, "gpkg", tmp_path)
    layers = dict(pyogrio.list_layers(file).tolist())
    assert (layers["areas"], layers["area_outlines"], layers["incident_areas"]) == (
        "Point",
        "MultiPolygon",
        None,
    )
    assert "area_lines" not in layers
    with sqlite3.connect(file) as connection:
        found = connection.execute(
            "SELECT incidents.id, areas.id, rank, distance_km FROM incident_areas "
            "JOIN incidents ON base_id = incidents.fid AND incident_id = incidents.id "
            "JOIN areas ON related_id = areas.fid AND area_id = areas.id ORDER BY incident_areas.fid"
        ).fetchall()
        dictionary = connection.execute("SELECT layer, name FROM dictionary").fetchall()
        columns = {
            (layer, column)
            for layer in ("incidents", "areas", "incident_areas")
            for _at, column, *_rest in connection.execute(f"PRAGMA table_info({layer})")
        }
    assert found == expected_links(snapshot)
    assert set(dictionary) == {pair for pair in columns if pair[1] not in {"fid", "geom"}}
    outlines = pyogrio.read_dataframe(file, layer="area_outlines")
    assert list(outlines["name"]) == ["=Pit"]
    assert outlines.geometry.iloc[0].area == 1.0


def test_gdal_finds_the_relation(snapshot: Snapshot, tmp_path: Path) -> None:
    needs("ogrinfo", "gdal-bin")
    said = subprocess.run(
        ["/usr/bin/python3", "-c", _RELATIONS, file_of(snapshot, "gpkg", tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    if said.stdout.strip() == "null":
        pytest.skip("GDAL knows relations from 3.6 on")
    assert json.loads(said.stdout) == [["incidents", "areas", "incident_areas", ["base_id"], ["related_id"]]]


_RELATIONS = """
import json, sys
from osgeo import gdal
gdal.UseExceptions()
file = gdal.OpenEx(sys.argv[1])
if not hasattr(file, "GetRelationshipNames"):
    sys.exit(print("null"))
found = [file.GetRelationship(name) for name in file.GetRelationshipNames()]
print(json.dumps([[one.GetLeftTableName(), one.GetRightTableName(), one.GetMappingTableName(),
    one.GetLeftMappingTableFields(), one.GetRightMappingTableFields()] for one in found]))
"""


def test_each_layer_has_a_style_for_its_kind_of_geometry(tmp_path: Path) -> None:
    areas = [make_area(wkt=PIT), make_area(wkt="LINESTRING(20 -7, 21 -7)"), make_area()]
    make_published(areas=((areas[0], 1000.0),))
    with sqlite3.connect(file_of(take_snapshot(), "gpkg", tmp_path)) as connection:
        styles = dict(connection.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    for name, kind in (("areas", "marker"), ("area_outlines", "fill"), ("area_lines", "line")):
        root = ElementTree.fromstring(styles[name])
        assert {symbol.get("type") for symbol in root.iter("symbol")} == {kind}
        drawn = {category.get("value") for category in root.iter("category")}
        assert drawn == set(AreaKind.values)


def test_a_shapefile_has_incidents_first_and_areas_after(snapshot: Snapshot, tmp_path: Path) -> None:
    path = f"/vsizip/{file_of(snapshot, 'shp', tmp_path)}"
    layers = [name for name, _kind in pyogrio.list_layers(path)]
    assert layers[0] == "incidents"
    assert set(layers) == {"incidents", "areas", "area_outlines", "incident_areas"}
    links = pyogrio.read_dataframe(path, layer="incident_areas", read_geometry=False)
    told = links[["incid_id", "area_id", "rank", "dist_km"]].itertuples(index=False, name=None)
    assert list(told) == expected_links(snapshot)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        table = list(csv.DictReader(io.StringIO(archive.read("columns.csv").decode())))
    for layer in ("areas", "incident_areas"):
        fields = set(pyogrio.read_info(path, layer=layer)["fields"])
        assert fields == {row["short"] for row in table if row["file"] == layer}


def test_a_workbook_has_a_sheet_of_each(snapshot: Snapshot, tmp_path: Path) -> None:
    book = load_workbook(file_of(snapshot, "xlsx", tmp_path))
    areas = list(book["Producing areas"].iter_rows(values_only=True))
    assert areas[0] == tuple(AREA_SCHEMA.names)
    assert [row[2] for row in areas[1:]] == ["'=Pit", "Kamonia", "Quiet"]  # no formula
    links = list(book["Links"].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[4], row[5]) for row in links] == expected_links(snapshot)


def test_links_that_no_sheet_holds_go_on_in_the_next(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("impact.summaries.formats.xlsx_file.MOST_ROWS", 2)
    Snapshot.objects.update(shown=2)
    book = load_workbook(file_of(Snapshot.objects.get(), "xlsx", tmp_path))
    rows = [*book["Links"].iter_rows(min_row=2), *book["Links 2"].iter_rows(min_row=2)]
    assert [(row[0].value, row[1].value) for row in rows] == [
        link[:2] for link in expected_links(Snapshot.objects.get())
    ]


@pytest.mark.parametrize("name", ONE_TABLE)
def test_a_file_of_one_table_has_them_beside_it(snapshot: Snapshot, name: str) -> None:
    written = beside(snapshot, name)
    areas: dict[str, Any] = json.loads(written[".areas.geojson"])
    assert areas["digest_sha256"] == snapshot.digest
    assert {one["properties"]["name"]: one["geometry"]["type"] for one in areas["features"]} == {
        "=Pit": "Polygon",
        "Kamonia": "Point",
        "Quiet": "Point",
    }
    assert all(set(one["properties"]) == set(areas["dictionary"]) for one in areas["features"])
    links = list(csv.DictReader(io.StringIO(written[".incident_areas.csv"].decode())))
    assert [
        (row["incident_id"], int(row["area_id"]), int(row["rank"]), int(row["distance_km"])) for row in links
    ] == expected_links(snapshot)
    assert {row["area_name"] for row in links} == {"'=Pit", "Kamonia"}


def test_no_file_says_more_of_a_distance_than_the_public_answer(snapshot: Snapshot) -> None:
    """Whole kilometres from the hexagon: nobody finds by them where in it something happened."""
    links = FileAreas(snapshot).links().read_all().to_pylist()
    public = {
        (record["id"], area["id"]): area["distance_km"]
        for record in snapshot_records(snapshot)
        for area in record["areas"]
    }
    assert {(row["incident_id"], row["area_id"]): row["distance_km"] for row in links} == public
    assert set(links[0]) == {"incident_id", "area_id", "site_code", "area_name", "rank", "distance_km"}
