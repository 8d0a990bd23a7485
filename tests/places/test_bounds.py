"""Files that would take more than a machine has: refused by name, before they are unpacked."""

import gzip
import struct
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command, get_commands, load_command_class
from openpyxl import Workbook

from impact.operations.limiting import LimitedCommand
from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas
from impact.places.importing.bounds import LONGEST_LINE, MOST_CORNERS
from impact.places.importing.json_faults import fault_of_json
from impact.places.importing.report import ImportReport
from impact.places.models import ProducingArea

pytestmark = pytest.mark.django_db
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


def take(path: Path) -> ImportReport:
    return import_areas(path, AreaOptions(source_name="S"))


def zip_that_says(path: Path, name: str, size: int) -> Path:
    """An archive that states a size for its one file (APPNOTE 4.3.12: at 24 of the central header)."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, b" ")
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 24, size)
    path.write_bytes(content)
    return path


def workbook_with(path: Path, part: str, before: bytes, after: bytes) -> Path:
    """A workbook with something else in one of its parts."""
    book = Workbook()
    book.worksheets[0].append(("name", "lat", "lon"))
    book.save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert before in parts[part]
    parts[part] = parts[part].replace(before, after, 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("command", "name"),
    [
        *(("import_areas", f"a.{ending}") for ending in ("zip", "xlsx", "kmz", "ods")),
        ("import_production", "a.xlsx"),
        ("import_places", "a.zip"),
    ],
)
def test_it_says_how_far_an_archive_unpacks(tmp_path: Path, command: str, name: str) -> None:
    path = zip_that_says(tmp_path / name, "a.txt", 4_294_000_000)
    with pytest.raises(CommandError, match=rf"{name} unpacks to 4,294 MB; at most .* are read"):
        call_command(command, str(path))


def test_it_refuses_a_workbook_of_very_many_texts(tmp_path: Path) -> None:
    path = zip_that_says(tmp_path / "a.xlsx", "xl/sharedStrings.xml", 300_000_000)
    with pytest.raises(CommandError, match="300 MB of texts; at most 200 MB"):
        call_command("import_areas", str(path))


@pytest.mark.parametrize("command", ["import_areas", "import_production"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_it_reads_no_entities(tmp_path: Path, command: str, part: str) -> None:
    root = b"<worksheet" if "sheet1" in part else b"<workbook"
    path = workbook_with(tmp_path / "a.xlsx", part, root, LAUGHS.encode() + root)
    with pytest.raises(CommandError, match=r"a\.xlsx cannot be read as a workbook: "):
        call_command(command, str(path))


def test_it_counts_no_row_that_no_sheet_has(tmp_path: Path) -> None:
    row = b'<row r="1000000000"><c r="A1000000000"><v>1</v></c></row></sheetData>'
    path = workbook_with(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", row)
    with pytest.raises(CommandError, match="more rows than a sheet has"):
        call_command("import_areas", str(path))


@pytest.mark.parametrize("command", ["import_areas", "import_places", "import_production", "import_reports"])
def test_it_names_a_line_that_is_too_long(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,name,lat,lon,text,country,year,carats\n" + b"x" * (LONGEST_LINE + 10))
    more = ["--format", "csv"] if command == "import_reports" else []
    with pytest.raises(CommandError, match=r"a\.csv line 2: (longer than|field larger)"):
        call_command(command, str(path), *more)


@pytest.mark.parametrize("command", ["import_areas", "import_places"])
def test_a_cell_that_never_ends_is_too_long_too(tmp_path: Path, command: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,name,lat,lon,text\n"' + b"word word\n" * (LONGEST_LINE // 10 + 10))
    with pytest.raises(CommandError, match=r"a\.csv .*field larger than field limit"):
        call_command(command, str(path))


def test_it_names_a_line_that_is_too_long_when_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"name,lat,lon\n" + b"x" * (LONGEST_LINE + 10), 1))
    with pytest.raises(CommandError, match="line 2: longer than"):
        call_command("import_places", str(path))


def test_a_table_of_production_is_no_larger_than_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(CommandError, match="has 200 MB; a table of production has at most 100"):
        call_command("import_production", str(path))


def test_an_outline_of_very_many_corners_is_named_and_the_others_are_taken(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, MOST_CORNERS + 1)
    large = shapely.Polygon(np.column_stack((20 + np.cos(turn), -6 + np.sin(turn))))
    frame = geopandas.GeoDataFrame(
        {"name": ["Large", "Small"]}, geometry=[large, shapely.Point(20, -6)], crs=4326
    )
    frame.to_file(tmp_path / "a.fgb", SPATIAL_INDEX="NO")
    assert take(tmp_path / "a.fgb").skipped == [
        (1, "1,000,001 corners; at most 1,000,000 are read: simplify it")
    ]
    assert ProducingArea.objects.get().name == "Small"


def test_a_sheet_that_says_that_it_is_smaller_is_read_to_its_end(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="B{n}"><v>-6.4</v></c><c r="C{n}"><v>20.{n}</v></c></row>' for n in (2, 3)
    )
    path = workbook_with(
        tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", b"</sheetData>", rows.encode() + b"</sheetData>"
    )
    assert take(path).created == 2


def test_an_outline_that_crosses_itself_without_end_is_named(tmp_path: Path) -> None:
    corners = 20_000
    ring = [[20 + (at * 7919 % corners) / corners, -6 + at % 2] for at in range(corners)]
    bow = shapely.Polygon([(22, -6), (23, -5), (23, -6), (22, -5)])
    frame = geopandas.GeoDataFrame(
        {"name": ["Tangle", "Bow"]}, geometry=[shapely.Polygon(ring), bow], crs=4326
    )
    frame.to_file(tmp_path / "a.gpkg")
    report = take(tmp_path / "a.gpkg")
    [(row, reason)] = report.skipped
    assert (row, reason.startswith("it crosses itself too often to be mended: ")) == (1, True)
    assert [row for row, _fault in report.mended] == [2]


def test_a_large_outline_with_a_slip_in_it_is_mended(tmp_path: Path) -> None:
    turn = np.linspace(0, 2 * np.pi, 50_000)
    ring = np.column_stack((20 + np.cos(turn), -6 + np.sin(turn)))
    ring[[100, 101]] = ring[[101, 100]]
    geopandas.GeoDataFrame({"name": ["A"]}, geometry=[shapely.Polygon(ring)], crs=4326).to_file(
        tmp_path / "a.gpkg"
    )
    report = take(tmp_path / "a.gpkg")
    assert (report.created, len(report.mended)) == (1, 1)


@pytest.mark.parametrize(
    "feature",
    [
        '{"type":"Feature","properties":{"a":' + "[" * 100_000 + "]" * 100_000 + '},"geometry":null}',
        '{"type":"Feature","properties":{},"geometry":'
        + '{"type":"GeometryCollection","geometries":[' * 10_000
        + "]}" * 10_000
        + "}",
    ],
    ids=["values", "collections"],
)
def test_geojson_that_nests_without_end_is_refused_as_that(tmp_path: Path, feature: str) -> None:
    (tmp_path / "a.geojson").write_text('{"type":"FeatureCollection","features":[' + feature + "]}")
    with pytest.raises(CommandError, match=r"a\.geojson .*: its values are nested too deeply"):
        call_command("import_areas", str(tmp_path / "a.geojson"))


def test_a_feature_that_is_too_large_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text('{"features":[{"type":"Feature"' + " " * 3_000_000 + '},{"type":"Feature"}]}')
    assert fault_of_json(path, 2_000_000) == "one of its features has 3 MB; at most 2 are read"
    assert fault_of_json(path) == ""


def test_words_that_nest_without_end_are_named(tmp_path: Path) -> None:
    deep = "GEOMETRYCOLLECTION (" * 100_000 + "POINT (1 1)" + ")" * 100_000
    (tmp_path / "a.csv").write_text(f'name,wkt\nDeep,"{deep}"\nFlat,POINT (20.8 -6.4)\n')
    [(row, reason)] = take(tmp_path / "a.csv").skipped
    assert (row, "collections within each other" in reason) == (2, True)


def test_numbers_without_end_are_no_coordinates(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"name,lat,lon\nA,{'1' * 5000},20\nB,-6.4,20.8\n")
    [(row, reason)] = take(tmp_path / "a.csv").skipped
    assert (row, "is not a coordinate" in reason, len(reason) < 100) == (2, True, True)


@pytest.mark.parametrize("name", ["import_areas", "import_places", "import_production", "import_reports"])
def test_each_command_that_reads_files_of_others_has_limits(name: str) -> None:
    assert isinstance(load_command_class(get_commands()[name], name), LimitedCommand)
