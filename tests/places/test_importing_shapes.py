"""Every way in which the shapes of other people's files are wrong, and what becomes of them."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.management import CommandError
from pyogrio import raw
from pyproj import Transformer

from impact.places.importing.geometries import point_in
from impact.places.models import ProducingArea
from tests.places.test_importing_areas import SQUARE, counts, run_import, write_csv, write_features

pytestmark = pytest.mark.django_db


def write_shapefile(
    folder: Path, wkt: str = SQUARE, crs: str | None = "EPSG:4326", *, name: str = "Kamonia"
) -> Path:
    path = folder / "pits.shp"
    raw.write(
        path,
        shapely.to_wkb([shapely.from_wkt(wkt)]),
        [np.array([name], dtype=object)],
        ["name"],
        geometry_type=shapely.from_wkt(wkt).geom_type,
        crs=crs,
        encoding="utf-8",
    )
    return path


def test_it_asks_what_a_shapefile_without_prj_is_in(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(CommandError, match=r"\.prj file\): give it with --crs; .*--crs EPSG:4326"):
        run_import(path)
    run_import(path, "--crs", "EPSG:4326")
    assert ProducingArea.objects.get().country == "CD"


@pytest.mark.parametrize("is_zipped", [False, True])
def test_it_reads_utf8_that_a_shapefile_does_not_name(tmp_path: Path, is_zipped: bool) -> None:
    path = write_shapefile(tmp_path, name="Séguéla")
    path.with_suffix(".cpg").unlink()
    if is_zipped:
        archive = tmp_path / "a.zip"
        with zipfile.ZipFile(archive, "w") as zipped:
            for part in tmp_path.glob("pits.*"):
                zipped.write(part, f"data/{part.name}")
        path = archive
    run_import(path)
    assert ProducingArea.objects.get().name == "Séguéla"


def test_it_reads_geojson_that_is_not_utf8(tmp_path: Path) -> None:
    path = write_features(tmp_path / "a.geojson", [(SQUARE, {"name": "Dépôt", "country": "CD"})])
    text = path.read_text(encoding="utf-8").encode().decode("unicode_escape")
    path.write_bytes(text.encode("cp1252"))
    run_import(path)
    assert ProducingArea.objects.get().name == "Dépôt"
    with pytest.raises(CommandError, match="its text is not utf-8: give its encoding with --encoding"):
        run_import(path, "--encoding", "utf-8")


def test_a_list_in_a_property_is_its_parts(tmp_path: Path) -> None:
    properties = {
        "name": "Kamonia",
        "aliases": ["Kamoya", "Lungudi"],
        "minerals": ["gold", "diamond"],
        "tags": [],
    }
    run_import(write_features(tmp_path / "a.geojson", [(SQUARE, properties), (None, {})]))
    area = ProducingArea.objects.get()
    assert (area.name, area.aliases) == ("Kamonia", ["Kamoya", "Lungudi"])
    assert sorted(area.minerals) == ["diamond", "gold"]


def test_it_reads_another_datum_and_a_grid(tmp_path: Path) -> None:
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:32734", always_xy=True).transform(20.8, -6.4)
    run_import(write_shapefile(tmp_path, f"POINT ({x} {y})", "EPSG:32734"))
    assert ProducingArea.objects.get().geometry.coords == pytest.approx((20.8, -6.4), abs=1e-6)


def test_it_reads_a_zipped_shapefile_in_a_folder(tmp_path: Path) -> None:
    shape = write_shapefile(tmp_path)
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for part in tmp_path.glob("pits.*"):
            zipped.write(part, f"data/{part.name}")
    run_import(archive)
    assert ProducingArea.objects.get().name == "Kamonia"
    with zipfile.ZipFile(archive, "a") as zipped:
        for part in tmp_path.glob("pits.*"):
            zipped.write(part, f"more/roads{part.suffix}")
    with pytest.raises(CommandError, match="--layer: pits, roads"):
        run_import(archive)
    assert counts(run_import(archive, "--layer", "pits"))["unchanged"] == 1
    assert shape.exists()


def test_it_reads_kmz(tmp_path: Path) -> None:
    placemark = (
        "<Placemark><name>Pit</name><Point><coordinates>20.8,-6.4,300</coordinates></Point></Placemark>"
    )
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as zipped:
        zipped.writestr(
            "doc.kml", f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{placemark}</Document></kml>'
        )
    run_import(tmp_path / "a.kmz")
    assert ProducingArea.objects.get().name == "Pit"


def test_a_line_can_be_kept_whole(tmp_path: Path) -> None:
    path = write_features(tmp_path / "a.geojson", [("LINESTRING (20.8 -6.4, 21 -6)", {"name": "Reach"})])
    assert "1 lines were kept whole" in run_import(path, "--line-end", "whole")
    assert ProducingArea.objects.get().geometry.geom_type == "LineString"


@pytest.mark.filterwarnings("ignore:Non closed ring")
@pytest.mark.parametrize(
    ("coordinates", "fault"),
    [
        ([[[20.7, -6.5], [20.9, -6.5], [20.9, -6.3]]], "row 1: a ring was not closed"),
        (
            [[[20.7, -6.5], [20.9, -6.3], [20.9, -6.5], [20.7, -6.3], [20.7, -6.5]]],
            "row 1: Self-intersection",
        ),
    ],
)
def test_it_mends_polygons(tmp_path: Path, coordinates: object, fault: str) -> None:
    feature = {"type": "Feature", "properties": {"name": "A"},
               "geometry": {"type": "Polygon", "coordinates": coordinates}}  # fmt: skip
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    printed = run_import(path)
    area = ProducingArea.objects.get()
    assert area.geometry.valid
    assert fault in printed


@pytest.mark.parametrize(
    "wkt",
    [
        "POLYGON ((179.9 -17, 180.1 -17, 180.1 -16.9, 179.9 -17))",
        "POLYGON ((179.9 -17, -179.9 -17, -179.9 -16.9, 179.9 -17))",
    ],
)
def test_it_cuts_at_the_antimeridian(tmp_path: Path, wkt: str) -> None:
    printed = run_import(write_features(tmp_path / "a.geojson", [(wkt, {})]), "--country", "FJ")
    assert "row 1: it crosses the antimeridian: cut there" in printed
    area = ProducingArea.objects.get()
    assert area.geometry.geom_type == "MultiPolygon"
    assert [round(bound, 6) for bound in area.geometry.extent] == [-180, -17, 180, -16.9]


def test_of_mixed_shapes_in_one_row_it_takes_the_largest_kind(tmp_path: Path) -> None:
    wkt = f"GEOMETRYCOLLECTION ({SQUARE}, POINT (20.8 -6.4))"
    assert counts(run_import(write_features(tmp_path / "a.geojson", [(wkt, {})])))["mended"] == 1
    assert ProducingArea.objects.get().geometry.geom_type == "Polygon"


def test_it_reads_a_table_of_another_hand(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ("Site;Latitude;Longitude;Pays", "Séguéla;7°57'36\"N;6 40 12 W;Côte d'Ivoire", "Bobi;8,1;-6,6;CI")
    path.write_bytes("\r\n".join(lines).encode("latin-1"))
    run_import(path)
    names = dict(ProducingArea.objects.values_list("name", "geometry"))
    assert names["Séguéla"].coords == pytest.approx((-6.67, 7.96))
    assert names["Bobi"].coords == pytest.approx((-6.6, 8.1))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("-6.4, 20.8", (20.8, -6.4)),
        ("-6.4,20.8", (20.8, -6.4)),
        ("-6,4; 20,8", (20.8, -6.4)),
        ("6.4 S, 20.8 E", (20.8, -6.4)),
        ("20.8E 6.4S", (20.8, -6.4)),
        ("-6.4 20.8 512 10", (20.8, -6.4)),
        ("(-6.4, 20.8)", (20.8, -6.4)),
        ("6 24 S 20 48 E", (20.8, -6.4)),
        ("6.4 South, 20.8 East", (20.8, -6.4)),
    ],
)
def test_it_reads_a_point_in_one_cell(cell: str, expected: tuple[float, float]) -> None:
    assert point_in(cell) == pytest.approx(expected)


@pytest.mark.parametrize("cell", ["", "-6.4", "near the river", None])
def test_it_does_not_guess_a_point(cell: object) -> None:
    with pytest.raises(ValueError, match=r"coordinate|latitude"):
        point_in(cell)


def test_it_reads_a_column_with_both(tmp_path: Path) -> None:
    run_import(write_csv(tmp_path / "a.csv", "name;coordonnées", "Pit;-6.4, 20.8"))
    assert ProducingArea.objects.get().country == "CD"
