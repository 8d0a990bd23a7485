"""Reading other people's files: tables, workbooks, columns, words, coordinates."""

import socket
from pathlib import Path

import pyogrio
import pytest
from openpyxl import Workbook

from impact.places.importing.columns import column_map, has_coordinates
from impact.places.importing.countries import country_code, nearest_country
from impact.places.importing.geometries import coordinate
from impact.places.importing.minerals import is_processing_only, kind_of, minerals_of
from impact.places.importing.source import ImportRefused
from impact.places.importing.tables import read_csv_table, read_workbook
from impact.places.importing.vector_files import read_vector_file


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (7.5, 7.5),
        ("7,60535", 7.60535),
        ("−23.8901", -23.8901),
        ("6.4167 S", -6.4167),
        ("S 6.4167", -6.4167),
        ("20.8° E", 20.8),
        ("6°24'57\"S", -6.415833),
        ("20° 48′ O", -20.8),
        ("1e-05", 0.00001),
        ("6 07.5 S", -6.125),
        ("-6 07.5", -6.125),
        ("6 07 30 S", -6.125),
        ("6d07m30s", 6.125),
        ("6º07’30’’ S", -6.125),
        ("6 deg 7.5 min S", -6.125),
        ("6°07.5' Sud", -6.125),
        ("20.8 Oeste", -20.8),
        ("343 000", 343_000),
    ],
)
def test_it_reads_coordinates_as_people_write_them(cell: object, expected: float) -> None:
    assert coordinate(cell) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("cell", ["", "unknown", "12 abc", "6 7", "6°60'S", None, float("nan"), "6.1;7.2"])
def test_it_does_not_guess_a_coordinate(cell: object) -> None:
    with pytest.raises(ValueError, match="coordinate"):
        coordinate(cell)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CD", "CD"),
        ("cod", "CD"),
        ("DR Congo", "CD"),
        ("Democratic Republic of the Congo", "CD"),
        ("République démocratique du Congo", "CD"),
        ("Republic of the Congo", "CG"),
        ("République centrafricaine", "CF"),
        ("Côte d'Ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Costa do Marfim", "CI"),
        ("Brasil", "BR"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("South Korea", "KR"),
        ("Guinea", "GN"),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_it_knows_countries_by_codes_and_names(text: str, code: str) -> None:
    assert country_code(text) == code


def test_it_finds_the_country_of_a_point_off_the_coast() -> None:
    assert nearest_country(14.8, -26.7) == "NA"  # a marine diamond concession
    assert nearest_country(-30.0, -30.0) == ""


@pytest.mark.parametrize(
    ("cells", "minerals"),
    [
        (["Or"], ["gold"]),
        (["tin or tungsten"], ["tin", "tungsten"]),
        (["Diamant;Or"], ["diamond", "gold"]),
        (["ouro e diamante"], ["gold", "diamond"]),
        (["coltan/cassiterite"], ["tantalum", "tin"]),
        (["Cu-Co"], ["copper", "cobalt"]),
        (["copper", "cobalt", ""], ["copper", "cobalt"]),
        (["iron ore"], ["other"]),
        (["rubies and sapphires"], ["coloured_gemstones"]),
        (["", ""], []),
    ],
)
def test_it_reads_minerals_in_several_languages(cells: list[str], minerals: list[str]) -> None:
    assert minerals_of(cells) == minerals


@pytest.mark.parametrize(
    ("cell", "kind"),
    [("Artisanal mining", "artisanal"), ("ASM", "artisanal"), ("Industrielle", "industrial"), ("Mine", None)],
)
def test_it_reads_the_kind_of_an_area(cell: str, kind: str | None) -> None:
    assert kind_of(cell) == kind


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Smelter;Refinery", True), ("Steel Plant", True), ("Mine;Plant", False), ("Mine", False), ("", False)],
)
def test_it_tells_where_nothing_is_dug(cell: str, expected: bool) -> None:
    assert is_processing_only(cell) is expected


def test_it_guesses_columns_by_their_names() -> None:
    columns = ["ICMMID", "Mine Name ", "Group Names", "Latitude", "Longitude", "Asset Type", "Country",
               "Primary Commodity", "Secondary Commodity"]  # fmt: skip
    chosen = column_map(columns, {})
    assert chosen["id"] == ("ICMMID",)
    assert chosen["name"] == ("Mine Name ",)
    assert chosen["country"] == ("Country",)
    assert chosen["kind"] == ("Asset Type",)
    assert chosen["minerals"] == ("Primary Commodity", "Secondary Commodity")
    assert (chosen["lat"], chosen["lon"]) == (("Latitude",), ("Longitude",))


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        (["NomSite", "Pays", "x", "y"], "NomSite"),
        (["country_name", "pit_name"], "pit_name"),
        (["OBJECTID", "admin0Name", "admin1Name"], "admin1Name"),
        (["operator_name", "value"], None),
    ],
)
def test_it_prefers_the_name_of_the_place_itself(columns: list[str], name: str | None) -> None:
    assert column_map(columns, {})["name"] == ((name,) if name else ())


def test_it_takes_a_mapping_over_a_guess() -> None:
    chosen = column_map(["name", "local name", "type"], {"name": ("Local Name",), "kind": ()})
    assert chosen["name"] == ("local name",)
    assert chosen["kind"] == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"nome": ("a",)}, "no such field"),
        ({"name": ("b",)}, "no column 'b'"),
        ({"name": ("a", "c")}, "takes one column"),
    ],
)
def test_it_refuses_a_mapping_that_cannot_be(given: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(ImportRefused, match=message):
        column_map(["a", "c"], given)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_reads_csv_of_any_hand(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "sites.csv"
    lines = [["name", "lat", "lon"], ["Séguéla", "7.96", "-6.67"], [], ["Bobi", "8.1", "-6.6"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    table = read_csv_table(path)
    assert table.columns == ("name", "lat", "lon")
    assert [(row.number, row.values["name"]) for row in table.rows] == [(2, "Séguéla"), (4, "Bobi")]


def test_it_finds_the_header_below_titles_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("\nMinistry of Mines, 2026\n\nsite;lat;lon\nBobi;8,1;-6,6\n", encoding="utf-8")
    table = read_csv_table(path, lambda header: has_coordinates(header, {}))
    assert [(row.number, row.values) for row in table.rows] == [
        (5, {"site": "Bobi", "lat": "8,1", "lon": "-6,6"})
    ]
    path.write_text("\n\na,b\n1,2\n", encoding="utf-8")
    assert read_csv_table(path, lambda header: False).columns == ("a", "b")


def test_it_finds_the_sheet_and_the_header_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["About this file"])
    sheet = book.create_sheet("Sites")
    for line in (["Survey 2025"], [], ["Site", "Latitude", "Longitude"], ["Bobi", 8.1, -6.6]):
        sheet.append(line)
    path = tmp_path / "sites.xlsx"
    book.save(path)
    table = read_workbook(path, lambda header: has_coordinates(header, {}))
    assert [(row.number, row.values["Site"]) for row in table.rows] == [(4, "Bobi")]
    with pytest.raises(ImportRefused, match="no sheet 'Nope'; it has: Sheet, Sites"):
        read_workbook(path, lambda header: True, sheet="Nope")


def test_it_refuses_what_only_looks_like_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "sites.xlsx"
    path.write_text("not a zip")
    with pytest.raises(ImportRefused, match="cannot be read as a workbook"):
        read_workbook(path, lambda header: True)


POINTER = "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{0}</SrcDataSource></OGRVRTLayer>"
POINTER += "</OGRVRTDataSource>"
PROGRAM = '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {0} ! write"}}'
SERVICE = "<OGRWFSDataSource><URL>{0}</URL></OGRWFSDataSource>"


@pytest.mark.parametrize("name", ["areas.geojson", "areas.kml", "areas.gdalg.json", "areas.gml"])
@pytest.mark.parametrize("written", [POINTER, PROGRAM, SERVICE], ids=["pointer", "program", "service"])
def test_a_file_that_is_an_order_is_not_obeyed(tmp_path: Path, name: str, written: str) -> None:
    beside = tmp_path / "beside.geojson"
    beside.write_text('{"type": "Point", "coordinates": [20.8, -6.4]}', encoding="utf-8")
    pyogrio.set_gdal_config_options({"GDAL_HTTP_TIMEOUT": 1, "GDAL_HTTP_CONNECTTIMEOUT": 1})
    with socket.create_server(("127.0.0.1", 0)) as asked:
        asked.settimeout(0.1)
        address = f"http://127.0.0.1:{asked.getsockname()[1]}/x.geojson"
        for order in (str(beside), address, f"/vsicurl/{address}"):
            (tmp_path / name).write_text(written.format(order), encoding="utf-8")
            with pytest.raises(ImportRefused):
                read_vector_file(tmp_path / name)
        with pytest.raises(TimeoutError):
            asked.accept()
    assert read_vector_file(beside).count == 1
