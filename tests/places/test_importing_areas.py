"""Producing areas from files made here, in every format that people send."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command
from pyogrio import raw

from impact.places.models import ProducingArea

pytestmark = pytest.mark.django_db

SQUARE = "POLYGON ((20.7 -6.5, 20.9 -6.5, 20.9 -6.3, 20.7 -6.3, 20.7 -6.5))"
BOW_TIE = "POLYGON ((20.7 -6.5, 20.9 -6.3, 20.9 -6.5, 20.7 -6.3, 20.7 -6.5))"


def write_features(path: Path, features: list[tuple[str | None, dict[str, Any]]]) -> Path:
    """GeoJSON of (WKT, properties)."""
    collection = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": json.loads(shapely.to_geojson(shapely.from_wkt(wkt))) if wkt else None,
            }
            for wkt, properties in features
        ],
    }
    path.write_text(json.dumps(collection), encoding="utf-8")
    return path


def write_csv(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run_import(path: Path | str, *options: str) -> str:
    out = io.StringIO()
    call_command("import_areas", str(path), *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def counts(printed: str) -> dict[str, int]:
    names = ("rows", "created", "updated", "unchanged", "mended", "skipped")
    words = (line.split() for line in printed.splitlines())
    return {line[0]: int(line[1]) for line in words if len(line) == 2 and line[0] in names}


def test_it_imports_polygons_with_what_their_columns_say(tmp_path: Path) -> None:
    path = write_features(
        tmp_path / "a.geojson",
        [(SQUARE, {"nom": "Kamonia", "pays": "RDC", "minerai": "Diamant", "type": "ASM", "exploitant": "X"})],
    )
    printed = run_import(path, "--source", "Survey", "--licence", "CC BY 4.0")
    area = ProducingArea.objects.get()
    assert (area.name, area.country, area.kind, area.minerals) == ("Kamonia", "CD", "artisanal", ["diamond"])
    assert (area.operator, area.source_name, area.licence) == ("X", "Survey", "CC BY 4.0")
    assert area.geometry.geom_type == "Polygon"
    assert area.geometry.srid == 4326
    assert "link_incidents" in printed


def test_it_changes_nothing_the_second_time(tmp_path: Path) -> None:
    path = write_features(tmp_path / "a.geojson", [(SQUARE, {}), ("POINT (21 -6)", {"name": "Pit"})])
    assert counts(run_import(path))["created"] == 2
    before = list(ProducingArea.objects.values_list("pk", "updated_at").order_by("pk"))
    second = counts(run_import(path))
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 2)
    assert list(ProducingArea.objects.values_list("pk", "updated_at").order_by("pk")) == before


def test_it_updates_a_row_by_its_identifier(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(path, "id,name,lat,lon", "s1,Old name,-6.4,20.8", "s2,Other,-6.5,20.9")
    run_import(path)
    write_csv(path, "id,name,lat,lon", "s1,New name,-6.41,20.8", "s2,Other,-6.5,20.9")
    printed = counts(run_import(path))
    assert (printed["created"], printed["updated"], printed["unchanged"]) == (0, 1, 1)
    area = ProducingArea.objects.get(source_key="s1")
    assert (area.name, area.geometry.y) == ("New name", -6.41)


def test_it_uses_a_guessed_identifier_only_if_it_is_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "id,name,lat,lon", "1,A,-6.4,20.8", "1,B,-6.5,20.9")
    printed = run_import(path)
    assert counts(printed)["created"] == 2
    assert "id is not taken as the identifier, for in row 3 it is also in a row before, '1'" in printed
    printed = run_import(path, "--source", "mapped", "--map", "id=id")
    assert "row 3: the same identifier as row 2" in printed


def test_it_mends_a_bad_polygon_and_says_so(tmp_path: Path) -> None:
    printed = run_import(write_features(tmp_path / "a.geojson", [(BOW_TIE, {})]))
    assert counts(printed)["mended"] == 1
    assert "row 1: Self-intersection" in printed
    assert ProducingArea.objects.get().geometry.valid


def test_it_names_what_has_no_name(tmp_path: Path) -> None:
    run_import(write_features(tmp_path / "a.geojson", [(SQUARE, {"gid": 17})]))
    assert ProducingArea.objects.get().name == "Unnamed area 17"


def test_it_drops_heights(tmp_path: Path) -> None:
    run_import(write_features(tmp_path / "a.geojson", [("POINT Z (20.8 -6.4 512)", {"name": "Pit"})]))
    assert ProducingArea.objects.get().geometry.coords == (20.8, -6.4)


@pytest.mark.parametrize(
    ("option", "expected"),
    [((), (20.8, -6.4)), (("--point-from", "end"), (21.0, -6.0)), (("--point-from", "centre"), (20.9, -6.2))],
)
def test_it_takes_a_point_from_a_line(
    tmp_path: Path, option: tuple[str, ...], expected: tuple[float, float]
) -> None:
    line = ("LINESTRING (20.8 -6.4, 21 -6)", {"from": "The pit", "to": "The town"})
    printed = run_import(write_features(tmp_path / "a.geojson", [line]), *option)
    area = ProducingArea.objects.get()
    assert area.geometry.coords == pytest.approx(expected)
    assert "1 lines were taken as points" in printed
    if not option:
        assert area.name == "The pit"


def test_it_says_which_rows_it_skips_and_why(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        "name,country,type,lat,lon",
        "Good,CD,Mine,-6.4,20.8",
        "Blank,CD,Mine,,",
        "Words,CD,Mine,somewhere,there",
        "Null island,CD,Mine,0,0",
        "Too far,CD,Mine,-6.4,200.5",
        "Swapped,CD,Mine,20.7,-6.4",
        "Swapped more,US,Mine,-120.5,40.1",
        "Works,CD,Smelter,-6.4,20.9",
        "High seas,,Mine,-30,-30",
        "Good,CD,Mine,-6.4,20.8",
    )
    printed = run_import(path)
    assert counts(printed) == {
        "rows": 10, "created": 3, "updated": 0, "unchanged": 0, "mended": 2, "skipped": 7,
    }  # fmt: skip
    for line in (
        "row 3: no coordinates",
        "row 4: 'there' is not a coordinate",
        "row 5: coordinates are 0, 0",
        "row 6: longitude 200.5 is impossible",
        "row 7: latitude and longitude were swapped: turned, it lies in CD",
        "row 8: latitude and longitude were swapped: turned, it lies in US",
        "row 9: Smelter: nothing is dug there",
        "row 10: it lies in no country",
        "row 11: the same area as row 2",
    ):
        assert line in printed


def test_it_finds_the_country_by_the_point_and_doubts_a_wrong_one(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv",
        "name,country,lat,lon",
        "A,,-6.4,20.8",
        "B,Nowhereland,-6.5,20.8",
        "C,GH,-6.6,20.8",
    )
    printed = run_import(path)
    assert list(ProducingArea.objects.order_by("name").values_list("country", flat=True)) == [
        "CD",
        "CD",
        "GH",
    ]
    assert "row 3: country 'Nowhereland' is not known; it lies in CD" in printed
    assert "row 4: it says GH but lies in CD" in printed


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = write_features(tmp_path / "a.geojson", [(BOW_TIE, {}), (None, {})])
    dry = run_import(path, "--dry-run")
    assert not ProducingArea.objects.exists()
    assert counts(dry) == counts(run_import(path))


def test_it_brings_any_coordinate_system_to_degrees(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points = shapely.to_wkb([shapely.Point(256_600, 9_291_900)])
    raw.write(path, points, [], [], geometry_type="Point", crs="EPSG:32734", layer="pits")
    run_import(path)
    assert ProducingArea.objects.get().geometry.coords == pytest.approx((18.8, -6.4), abs=0.01)


def test_it_asks_for_the_coordinate_system_that_a_file_leaves_out(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "name,x,y", "Pit,256600,9291900")
    with pytest.raises(CommandError, match="--crs"):
        run_import(path)
    run_import(path, "--crs", "EPSG:32734")
    assert ProducingArea.objects.get().country == "CD"


@pytest.mark.parametrize("suffix", ["shp", "kml", "fgb", "gpkg"])
def test_it_reads_what_gdal_reads(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    wkb = shapely.to_wkb(shapely.from_wkt([SQUARE]))
    names = np.array(["Kamonia"], dtype=object)
    raw.write(path, wkb, [names], ["Name"], geometry_type="Polygon", crs="EPSG:4326",
              driver="KML" if suffix == "kml" else None)  # fmt: skip
    run_import(path)
    assert ProducingArea.objects.get().name == "Kamonia"


def test_it_reads_all_folders_of_a_kml_file(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    placemark = (
        "<Placemark><name>{}</name><Point><coordinates>20.8,-6.{},300</coordinates></Point></Placemark>"
    )
    folders = "".join(
        f"<Folder><name>{name}</name>{placemark.format(name, number)}</Folder>"
        for number, name in enumerate(("North", "South"), start=3)
    )
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>')
    run_import(path)
    assert set(ProducingArea.objects.values_list("name", flat=True)) == {"North", "South"}
    assert "unchanged 2" in run_import(path)


def test_it_asks_which_of_several_layers(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    for layer in ("pits", "roads"):
        raw.write(path, shapely.to_wkb([shapely.Point(20.8, -6.4)]), [], [], geometry_type="Point",
                  crs="EPSG:4326", layer=layer, append=path.exists())  # fmt: skip
    with pytest.raises(CommandError, match="--layer: pits, roads"):
        run_import(path)
    assert counts(run_import(path, "--layer", "pits"))["created"] == 1


def test_it_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_features(tmp_path / "a.geojson", [(SQUARE, {"name": "Kamonia"})]).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    run_import("-", "--source", "piped")
    assert ProducingArea.objects.get().source_name == "piped"


@pytest.mark.parametrize(
    ("name", "content", "options", "message"),
    [
        ("missing.geojson", None, (), "there is no file"),
        ("empty.geojson", "", (), "is empty"),
        ("broken.geojson", '{"type": "Feat', (), "cannot be read as a map file"),
        ("plain.csv", "name,town\nA,B\n", (), "no columns with coordinates"),
        ("plain.csv", "name,lat,lon\nA,1,2\n", ("--map", "colour=name"), "no such field"),
        ("plain.csv", "name,lat,lon\nA,1,2\n", ("--map", "name=label"), "no column 'label'"),
        ("plain.csv", "name,lat,lon\nA,1,2\n", ("--map", "name"), "field=column"),
        ("plain.csv", "name,lat,lon\nA,1,2\n", ("--crs", "nonsense"), "no such coordinate system"),
        ("plain.csv", "name,lat,lon\nA,1,2\n", ("--country", "Atlantis"), "no such country"),
    ],
)
def test_it_refuses_in_one_line(
    tmp_path: Path, name: str, content: str | None, options: tuple[str, ...], message: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(CommandError, match=message) as refused:
        run_import(path, *options)
    assert "\n" not in str(refused.value)
    assert not ProducingArea.objects.exists()


def test_it_loads_the_shipped_areas_as_approximate() -> None:
    out = io.StringIO()
    call_command("import_areas", "--shipped", stdout=out)
    assert ProducingArea.objects.filter(is_approximate=True).count() == counts(out.getvalue())["rows"] > 80
    assert not ProducingArea.objects.exclude(is_approximate=True).exists()
    catoca = ProducingArea.objects.get(source_key="ao-catoca")
    assert (catoca.kind, catoca.minerals, catoca.licence) == ("industrial", ["diamond"], "CC0-1.0")
    assert catoca.accuracy_m
    call_command("import_areas", "--shipped", stdout=(again := io.StringIO()))
    assert counts(again.getvalue())["unchanged"] == counts(out.getvalue())["rows"]


def test_it_wants_a_file_or_the_shipped_ones() -> None:
    with pytest.raises(CommandError, match="--shipped"):
        call_command("import_areas")


def test_it_says_which_geometry_in_words_it_cannot_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", "name,wkt", 'A,"POLYGON((20 -6"', "B,POINT(20.8 -6.4)")
    printed = run_import(path)
    assert "row 2: 'POLYGON((20 -6' is not WKT" in printed
    assert counts(printed)["created"] == 1
