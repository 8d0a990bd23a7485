"""Each file opened by a program that is not ours, and checked against what its format's paper says."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

import geopandas
import pyarrow.parquet as pq
import pyogrio
import pytest
from django.utils import translation
from django.utils.translation import gettext

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import take_snapshot
from impact.summaries.exporting import FORMATS, dictionary_file, write_export_file
from impact.summaries.formats.about import data_dictionary, provenance
from impact.summaries.formats.batches import COLUMNS
from impact.summaries.formats.options import ExportOptions
from impact.vocabulary import Perpetrator, Theme
from tests.builders import make_area, make_published
from tests.programs import needs
from tests.summaries.formats.test_defusing import OFFICE, open_in_office

pytestmark = pytest.mark.django_db
HXL = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
# The core hashtags of HXL 1.1 (hxlstandard.org) of which the row makes use.
HXL_TAGS = set(
    "#event #cause #status #severity #affected #item #country #date #description #geo #loc #meta".split()
)
FRENCH = "Morts à l’aube, près du puits."
KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture
def snapshot() -> Snapshot:
    area = make_area(name="Kamonia", kind="artisanal")
    make_published(harms=("killing", "injury"), areas=((area, 3200.0),), text=FRENCH)
    make_published(harms=("chemicals",), longitude=-12.34567, latitude=8.0, country="SL")
    make_published(harms=("unsafe_work",), longitude=None, latitude=None)
    return take_snapshot()


@pytest.fixture
def placed() -> Snapshot:
    for longitude in (-13.25, 20.8, 35.5):
        make_published(longitude=longitude)
    return take_snapshot()


def file_of(snapshot: Snapshot, name: str, folder: Path, language: str = "en") -> Path:
    file = folder / f"a.{FORMATS[name].extension}"
    write_export_file(snapshot, name, file, ExportOptions(language))
    return file


def test_the_validator_of_gdal_finds_no_fault_in_a_geopackage(snapshot: Snapshot, tmp_path: Path) -> None:
    needs("ogrinfo", "gdal-bin")
    file = file_of(snapshot, "gpkg", tmp_path)
    said = validated(file)
    assert said.returncode == 0, said.stdout + said.stderr
    with sqlite3.connect(file) as connection:
        connection.execute("DELETE FROM gpkg_spatial_ref_sys WHERE srs_id = 4326")
    assert validated(file).returncode != 0


def validated(file: Path) -> "subprocess.CompletedProcess[str]":
    """What GDAL's own validator says of a GeoPackage; Debian's gdal-bin brings its Python."""
    command = ["/usr/bin/python3", "-m", "osgeo_utils.samples.validate_gpkg", "--extra", "--warning-as-error"]
    return subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("language", ["en", "fr", "pt", "sw"])
def test_qgis_finds_its_default_style_and_every_theme_in_it(
    snapshot: Snapshot, tmp_path: Path, language: str
) -> None:
    file = file_of(snapshot, "gpkg", tmp_path, language)
    with sqlite3.connect(file) as connection:
        [(geometry, style, is_default)] = connection.execute(
            "SELECT f_geometry_column, styleQML, useAsDefault FROM layer_styles "
            "WHERE f_table_name = 'incidents'"
        ).fetchall()
        [(column,)] = connection.execute(
            "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = 'incidents'"
        ).fetchall()
        [(indexed,)] = connection.execute("SELECT count(*) FROM rtree_incidents_geom").fetchall()
    assert (geometry, is_default, indexed) == (column, 1, 2)
    renderer = ElementTree.fromstring(style).find("renderer-v2")
    assert renderer is not None
    assert (renderer.get("type"), renderer.get("attr")) == ("categorizedSymbol", "theme")
    symbols = {symbol.get("name") for symbol in renderer.iter("symbol")}
    drawn = {category.get("value"): category.get("symbol") for category in renderer.iter("category")}
    themes = set(pyogrio.read_dataframe(file, layer="incidents")["theme"])
    assert themes <= set(drawn)
    assert set(drawn.values()) <= symbols
    with translation.override(language):
        expected = [str(theme.label) for theme in Theme]
    assert [category.get("label") for category in renderer.iter("category")] == expected


@pytest.mark.parametrize("language", ["en", "fr", "pt", "sw"])
def test_qgis_shows_columns_and_codes_in_words(snapshot: Snapshot, tmp_path: Path, language: str) -> None:
    file = file_of(snapshot, "gpkg", tmp_path, language)
    with translation.override(language):
        notes = {note.name: note for note in data_dictionary()}
        army = str(Perpetrator.ARMY.label)
    with sqlite3.connect(file) as connection:
        [(style,)] = connection.execute(
            "SELECT styleQML FROM layer_styles WHERE f_table_name = 'incidents'"
        ).fetchall()
        told = connection.execute(
            "SELECT column_name, name, description FROM gpkg_data_columns WHERE table_name = 'incidents'"
        ).fetchall()
    assert {name: label for name, label, _meaning in told} == {name: n.label for name, n in notes.items()}
    assert all(meaning.startswith(notes[name].meaning) for name, _label, meaning in told)
    root = ElementTree.fromstring(style)
    aliases = {alias.get("field"): alias.get("name") for alias in root.iter("alias")}
    assert aliases == {name: note.label for name, note in notes.items()}
    words = {
        field.get("name"): {option.get("name"): option.get("value") for option in field.iter("Option")}
        for field in root.iter("field")
    }
    assert words["perpetrator"][army] == "army"
    assert set(words) <= set(notes)


def test_qgis_shows_licence_and_link_of_a_layer(snapshot: Snapshot, tmp_path: Path) -> None:
    with sqlite3.connect(file_of(snapshot, "gpkg", tmp_path)) as connection:
        [(document,)] = connection.execute(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference "
            "ON id = md_file_id WHERE table_name = 'incidents' AND md_standard_uri = 'http://mrcc.com/qgis.dtd'"
        ).fetchall()
    root, said = ElementTree.fromstring(document), provenance(snapshot)
    assert (root.findtext("title"), root.findtext("license")) == (said["title"], said["licence"])
    assert [link.get("url") for link in root.iter("link")] == [said["made_from"]]
    assert said["digest_sha256"] in (root.findtext("abstract") or "")


def test_a_style_for_qgis_lies_beside_the_shapefile_with_its_short_names(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    with zipfile.ZipFile(file_of(snapshot, "shp", tmp_path)) as archive:
        style, metadata = (ElementTree.fromstring(archive.read(f"incidents.{end}")) for end in ("qml", "qmd"))
    columns = set(pyogrio.read_info(f"/vsizip/{tmp_path}/a.zip")["fields"])
    named = {
        element.get(key)
        for key, tag in (("field", "alias"), ("name", "field"))
        for element in style.iter(tag)
    }
    temporal = style.find("temporal")
    assert temporal is not None
    assert named | {temporal.get("startField"), temporal.get("endField")} == columns
    assert (
        set(re.findall(r'"(\w+)"', f"{style.findtext('mapTip')} {style.findtext('previewExpression')}"))
        <= columns
    )
    assert metadata.findtext("license") == provenance(snapshot)["licence"]


def test_days_and_truth_values_are_the_same_words_in_kml_as_elsewhere(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    root = ElementTree.parse(file_of(snapshot, "kml", tmp_path)).getroot()
    cells = [(cell.get("name"), cell.text) for cell in root.iter(f"{KML}SimpleData")]
    assert ("occurred_from", "2026-11-16") in cells
    assert {text for name, text in cells if name == "is_fictional"} == {"false"}


@pytest.mark.parametrize("language", ["en", "fr", "pt", "sw"])
@pytest.mark.parametrize("name", FORMATS)
def test_every_file_says_where_it_is_from_and_what_its_columns_mean(
    snapshot: Snapshot, name: str, language: str, tmp_path: Path
) -> None:
    said = words_of(file_of(snapshot, name, tmp_path, language))
    beside = "" if FORMATS[name].holds_dictionary else dictionary_of(snapshot, language)
    with translation.override(language):
        meanings = [gettext("People killed"), gettext("Nearest producing area, measured from the hexagon")]
        where = provenance(snapshot)
    for one in (where["snapshot"], where["digest_sha256"], where["licence"]):
        assert one in said
    for one in (*meanings, where["citation"], where["note"]):
        assert one in said + beside, one


def words_of(file: Path) -> str:
    """Everything that is written in a file, taken out of its archive where it is one."""
    if file.suffix == ".parquet":
        words = b"".join(pq.read_schema(file).metadata.values())
    elif zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            words = b"".join(archive.read(name) for name in archive.namelist())
    else:
        words = file.read_bytes()
    return unescape(words.decode("utf-8", errors="replace"))


def dictionary_of(snapshot: Snapshot, language: str) -> str:
    text = dictionary_file(snapshot, ExportOptions(language)).decode()
    return "".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)


def test_geojson_keeps_to_rfc_7946(snapshot: Snapshot, tmp_path: Path) -> None:
    text = file_of(snapshot, "geojson", tmp_path).read_bytes()
    assert not text.startswith(b"\xef\xbb\xbf")
    written = json.loads(text.decode("utf-8"), parse_float=str)
    assert written["type"] == "FeatureCollection"
    assert "crs" not in written
    assert not {"coordinates", "geometries", "geometry", "properties"} & set(written)
    ids = [feature["id"] for feature in written["features"]]
    assert len(set(ids)) == 3
    for feature in written["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert not {"features", "geometries", "coordinates"} & set(feature)
        if feature["geometry"] is not None:
            assert feature["geometry"]["type"] == "Point"
            longitude, latitude = feature["geometry"]["coordinates"]
            assert -180 <= float(longitude) <= 180
            assert -90 <= float(latitude) <= 90
            assert all(len(str(number).partition(".")[2]) <= 7 for number in (longitude, latitude))


def test_kml_is_read_as_xml_with_a_placemark_an_incident(snapshot: Snapshot, tmp_path: Path) -> None:
    root = ElementTree.parse(file_of(snapshot, "kml", tmp_path)).getroot()
    assert root.tag == f"{KML}kml"
    marks = list(root.iter(f"{KML}Placemark"))
    assert len(marks) == 3
    assert sum(mark.find(f"{KML}Point") is not None for mark in marks) == 2
    assert snapshot.digest in "".join(root.itertext())


def test_a_shapefile_says_how_its_texts_and_points_are_meant(snapshot: Snapshot, tmp_path: Path) -> None:
    with zipfile.ZipFile(file_of(snapshot, "shp", tmp_path)) as archive:
        assert archive.testzip() is None
        assert archive.read("incidents.cpg").decode().strip().upper() == "UTF-8"
        assert 'GEOGCS["GCS_WGS_1984"' in archive.read("incidents.prj").decode()
    frame = pyogrio.read_dataframe(f"/vsizip/{tmp_path}/a.zip")
    assert FRENCH in set(frame["text"])


def test_a_workbook_has_days_and_numbers_for_libreoffice(
    snapshot: Snapshot, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    needs("soffice", "libreoffice-calc-nogui")
    office = open_in_office(file_of(snapshot, "xlsx", tmp_path), tmp_path_factory.mktemp("office"))
    sheets = [table.get(f"{OFFICE}name") for table in office.iter(f"{OFFICE}table")]
    assert sheets == ["Incidents", "Producing areas", "Links", "Dictionary", "About"]
    table = next(office.iter(f"{OFFICE}table"))
    kinds = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
    days = {cell.get(f"{kinds}date-value") for cell in table.iter(f"{OFFICE}table-cell")}
    assert "2026-11-16" in days
    numbers = {cell.get(f"{kinds}value") for cell in table.iter(f"{OFFICE}table-cell")}
    assert {"20.8", "-12.34567", "8000"} <= numbers


def test_flatgeobuf_has_an_index_where_every_incident_has_a_place(placed: Snapshot, tmp_path: Path) -> None:
    file = file_of(placed, "fgb", tmp_path)
    assert pyogrio.read_info(file)["capabilities"]["fast_spatial_filter"]
    assert len(pyogrio.read_dataframe(file, bbox=(20, -10, 21, 0))) == 1
    assert len(pyogrio.read_dataframe(file)) == 3


def test_flatgeobuf_without_an_index_keeps_what_has_no_place(snapshot: Snapshot, tmp_path: Path) -> None:
    file = file_of(snapshot, "fgb", tmp_path)
    assert not pyogrio.read_info(file)["capabilities"]["fast_spatial_filter"]
    assert len(pyogrio.read_dataframe(file)) == 3


def test_geoparquet_has_the_types_of_its_columns(snapshot: Snapshot, tmp_path: Path) -> None:
    frame = geopandas.read_parquet(file_of(snapshot, "parquet", tmp_path))
    assert set(frame.columns) == {*COLUMNS, "geometry"}
    assert frame["occurred_from"].iloc[0] == date(2026, 11, 16)
    assert frame["killed"].dtype.kind in "if"
    assert frame.geometry.isna().sum() == 1


def test_the_tags_of_the_columns_are_those_of_hxl() -> None:
    tags = [note.hxl for note in data_dictionary()]
    assert all(HXL.fullmatch(tag) for tag in tags)
    assert {tag.partition("+")[0] for tag in tags} <= HXL_TAGS
    assert len(set(tags)) == len(tags)
