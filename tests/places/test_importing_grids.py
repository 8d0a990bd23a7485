"""Coordinates of metric grids in tables: UTM by zone, squares of MGRS, as cadastres and surveys have them."""

from math import hypot
from pathlib import Path

import pytest
from openpyxl import Workbook
from pyproj import CRS, Transformer

from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas
from impact.places.importing.columns import has_coordinates
from impact.places.importing.geometries import Unusable
from impact.places.importing.grids import point_of_utm, square_in, utm_in, zone_in_cell, zone_in_heading
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.models import ProducingArea

pytestmark = pytest.mark.django_db
LONGITUDE, LATITUDE = 20.8, -6.416667  # Tshikapa


def in_grid(crs: str, longitude: float = LONGITUDE, latitude: float = LATITUDE) -> tuple[float, float]:
    system = CRS.from_user_input(crs)
    return Transformer.from_crs(4326, system, always_xy=True).transform(longitude, latitude)


def take(folder: Path, *lines: str, **options: object) -> ImportReport:
    (folder / "a.csv").write_text("\n".join(lines))
    return import_areas(folder / "a.csv", AreaOptions(source_name="S", **options))  # type: ignore[arg-type]


def places() -> list[tuple[float, float]]:
    return [
        (round(one.geometry.x, 4), round(one.geometry.y, 4)) for one in ProducingArea.objects.order_by("name")
    ]


HERE = [(round(LONGITUDE, 4), round(LATITUDE, 4))]
EAST, NORTH = (round(metres, 1) for metres in in_grid("EPSG:32734"))


@pytest.mark.parametrize(
    "zone",
    [
        "34S",
        "34 s",
        "34M",
        "UTM 34S",
        "Zone 34 South",
        "34 Sud",
        "WGS 84 / UTM zone 34S",
        "EPSG:32734",
        "32734",
    ],
)
def test_it_reads_eastings_and_northings_by_the_zone_of_each_row(tmp_path: Path, zone: str) -> None:
    report = take(tmp_path, "name,easting,northing,utm zone", f"A,{EAST},{NORTH},{zone}")
    assert (report.skipped, places()) == ([], HERE)


@pytest.mark.parametrize(
    ("east", "north"),
    [
        ("Easting (UTM 34S)", "Northing (UTM 34S)"),
        ("X_UTM34S", "Y_UTM34S"),
        ("X (m) UTM zone 34 Sud", "Y (m) UTM zone 34 Sud"),
        ("Est (34S)", "Nord (34S)"),
        ("Coordonnée X WGS84 UTM 34S", "Coordonnée Y WGS84 UTM 34S"),
    ],
)
def test_it_reads_the_zone_in_the_headings(tmp_path: Path, east: str, north: str) -> None:
    report = take(tmp_path, f"name,{east},{north}", f"A,{EAST},{NORTH}")
    assert (report.skipped, places()) == ([], HERE)


def test_degrees_and_metres_can_stand_in_one_table(tmp_path: Path) -> None:
    report = take(
        tmp_path,
        "name,x,y,zone,hemisphere",
        f"A,{LONGITUDE},{LATITUDE},,",
        f"B,{EAST},{NORTH},34,South",
        f"C,{EAST},{NORTH},,",
        f"D,{EAST},{NORTH},Kasaï,",
    )
    assert places() == HERE * 2
    assert report.skipped == [
        (4, f"{EAST}, {NORTH} are no degrees, and it says no zone of UTM"),
        (5, "'Kasaï' is no zone of UTM"),
    ]


def test_the_country_says_on_which_side_of_the_equator(tmp_path: Path) -> None:
    assert take(tmp_path, "name,country,x,y,zone", f"A,CD,{EAST},{NORTH},34").created == 1
    assert places() == HERE
    east, north = in_grid("EPSG:32629", -10.97, 8.64)
    with pytest.raises(Unusable, match="north and south of the equator: write 29N or 29S"):
        point_of_utm(east, 4_000_000, zone_in_cell("29"), "")
    # So close to the equator a northing from the north pole's side is in one half alone.
    longitude, latitude = point_of_utm(east, north, zone_in_cell("29"), "")
    assert (round(longitude, 4), round(latitude, 4)) == (-10.97, 8.64)


@pytest.mark.parametrize(
    ("east", "north", "reason"),
    [
        (str(NORTH), str(EAST), "easting and northing look swapped"),
        ("51.2", "9345678", "easting 51.2 is impossible"),
        (str(EAST), "12345678", "northing 1.23457e+07 is impossible"),
        ("477 88x", str(NORTH), "is not a coordinate"),
    ],
)
def test_what_cannot_be_on_the_grid_is_named(tmp_path: Path, east: str, north: str, reason: str) -> None:
    [(row, said)] = take(tmp_path, "name,easting,northing,zone", f"A,{east},{north},34S").skipped
    assert (row, reason in said) == (2, True)


def test_another_datum_is_read_as_that_or_refused(tmp_path: Path) -> None:
    east, north = in_grid("EPSG:21036", 35.5, -6.0)  # Arc 1960 / UTM zone 36S
    take(tmp_path, "name,Easting (Arc 1960 UTM 36S),Northing (Arc 1960 UTM 36S)", f"A,{east},{north}")
    assert places() == [(35.5, -6.0)]
    with pytest.raises(ImportRefused, match="its grid is on clarke: give its coordinate system with --crs"):
        take(tmp_path, "name,X (Clarke 1880 UTM 36S),Y (Clarke 1880 UTM 36S)", f"A,{east},{north}")


def test_who_calls_can_say_the_system_and_the_zone_is_not_asked(tmp_path: Path) -> None:
    take(tmp_path, "name,easting,northing,zone", f"A,{EAST},{NORTH},Kasaï", crs=CRS.from_epsg(32734))
    assert places() == HERE


def test_metres_of_which_nobody_says_the_zone_are_refused_as_a_whole(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="--map zone="):
        take(tmp_path, "name,easting,northing", f"A,{EAST},{NORTH}")


@pytest.mark.parametrize(
    ("cell", "accuracy_m"),
    [
        ("34MDT7788390731", 0.7),
        ("34M DT 77883 90731", 0.7),
        ("34MDT778907", 70.7),
        ("34mdt7790", 707.1),
        ("MGRS 34MDT", 70_710.7),
    ],
)
def test_a_square_of_mgrs_is_its_middle_and_says_how_sure(
    tmp_path: Path, cell: str, accuracy_m: float
) -> None:
    report = take(tmp_path, "name,mgrs", f"A,{cell}")
    assert report.skipped == []
    area = ProducingArea.objects.get()
    assert area.accuracy_m == pytest.approx(accuracy_m, abs=0.1)
    east, north = in_grid("EPSG:32734", area.geometry.x, area.geometry.y)
    assert hypot(east - EAST, north - NORTH) <= accuracy_m + 1  # a figure is cut off, and not rounded


def test_a_column_of_points_may_hold_any_notation(tmp_path: Path) -> None:
    report = take(
        tmp_path,
        "name;coordinates",
        "A;34MDT7788390731",
        f"B;34M {EAST} {NORTH}",
        f"C;UTM 34S E {EAST} N {NORTH}",
        f"D;{LATITUDE}, {LONGITUDE}",
        "E;34MII1234",
        "F;99MDT7788390731",
        "G;the old pit",
    )
    assert places() == HERE * 4
    reasons = dict(report.skipped)
    assert "'34MII1234' is not a latitude and a longitude" in reasons[6]
    assert reasons[7] == "'99MDT7788390731' is no square of MGRS"
    assert 8 in reasons


def test_a_row_without_numbers_is_read_by_its_square(tmp_path: Path) -> None:
    take(
        tmp_path,
        "name,lat,lon,mgrs",
        f"A,{LATITUDE},{LONGITUDE},",
        "B,,,34MDT7788390731",
        crs=CRS.from_epsg(4326),
    )
    assert places() == HERE * 2


def test_a_workbook_of_a_cadastre(tmp_path: Path) -> None:
    """Title above, zone as a number beside a hemisphere, metres with spaces and decimal commas."""
    book = Workbook()
    for row in (
        ("Cadastre minier : sites artisanaux",),
        ("Code", "Nom", "Pays", "Substance", "X (m)", "Y (m)", "Fuseau", "Hémisphère"),
        ("K1", "Kamonia", "RDC", "Diamant", "477 883,5", "9 290 731,5", 34, "Sud"),
        ("K2", "Tshina", "RDC", "Diamant", 478_000, 9_290_000, 34, "Sud"),
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    report = import_areas(tmp_path / "a.xlsx", AreaOptions(source_name="S"))
    assert (report.created, report.skipped, report.doubtful) == (2, [], [])
    assert {area.country for area in ProducingArea.objects.all()} == {"CD"}


def test_headings_of_grids_make_a_header() -> None:
    assert has_coordinates(["Site", "Easting (UTM 34S)", "Northing (UTM 34S)"], {})
    assert has_coordinates(["Site", "MGRS"], {})
    assert not has_coordinates(["Site", "Zone", "Hemisphere"], {})


def test_zones_and_points_by_themselves() -> None:
    assert zone_in_heading("Longitude") is None
    assert zone_in_heading("x2020") is None
    assert square_in("6.4, 20.8") is None
    assert utm_in("6.4, 20.8", "") is None
    with pytest.raises(Unusable):
        zone_in_cell("61S")
