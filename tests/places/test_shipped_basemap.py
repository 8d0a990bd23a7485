"""The basemap that ships with the product."""

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import COUNTRY_NAMES, DATA

SHORE_DEGREES = 0.3  # how far a line may leave its simplified country


@cache
def features(name: str) -> list[dict[str, Any]]:
    collection = json.loads((DATA / f"{name}.geojson").read_text(encoding="utf-8"))
    assert collection["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = collection["features"]
    return found


def shape(feature: dict[str, Any]) -> BaseGeometry:
    return shapely.from_geojson(json.dumps(feature["geometry"]))


@cache
def countries() -> dict[str, BaseGeometry]:
    return {f["properties"]["iso_a2"]: shape(f) for f in features("countries") if f["properties"]["iso_a2"]}


@pytest.mark.parametrize("name", ["countries", "regions", "water"])
def test_it_ships_valid_shapes(name: str) -> None:
    for feature in features(name):
        geometry = shape(feature)
        assert shapely.is_valid(geometry), feature["properties"]
        assert not geometry.is_empty
        west, south, east, north = geometry.bounds
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90


@pytest.mark.parametrize("name", ["countries", "water"])
def test_it_winds_rings_as_rfc_7946_asks(name: str) -> None:
    for feature in features(name):
        for polygon in shapely.get_parts(shape(feature)):
            if polygon.geom_type == "Polygon":
                assert polygon.exterior.is_ccw, feature["properties"]
                assert not any(hole.is_ccw for hole in polygon.interiors), feature["properties"]


def test_it_is_small_enough_to_ship() -> None:
    sizes = {path.name: path.stat().st_size for path in DATA.iterdir()}
    assert sizes["countries.geojson"] <= 600_000
    assert sizes["regions.geojson"] <= 1_000_000
    assert sizes["water.geojson"] <= 400_000
    assert sizes["gazetteer.csv.gz"] <= 1_000_000


def test_it_codes_countries_by_iso() -> None:
    codes = [feature["properties"]["iso_a2"] for feature in features("countries")]
    coded = [code for code in codes if code]
    assert len(coded) == len(set(coded))
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in coded)
    assert set(COUNTRY_NAMES) <= set(coded)
    uncoded = {f["properties"]["name"] for f in features("countries") if not f["properties"]["iso_a2"]}
    assert {"Kosovo", "Somaliland", "N. Cyprus"} <= uncoded


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [
        ("CD", 15.31, -4.33),
        ("CG", 15.24, -4.23),
        ("CF", 18.56, 4.40),
        ("SL", -13.20, 8.45),
        ("ZW", 31.05, -17.83),
        ("AO", 13.29, -8.85),
        ("AO", 12.35, -5.30),  # Cabinda
        ("LR", -10.70, 6.33),
        ("LS", 28.0, -29.5),
        ("ZA", 28.05, -26.20),
        ("CI", -4.02, 5.40),
        ("GH", -0.20, 5.62),
        ("GN", -9.31, 10.39),
        ("TZ", 35.74, -6.17),
        ("CM", 11.52, 3.87),
        ("BR", -47.93, -15.78),
    ],
)
def test_it_has_one_country_at_a_point(code: str, longitude: float, latitude: float) -> None:
    point = shapely.Point(longitude, latitude)
    assert [found for found, land in countries().items() if shapely.intersects(land, point)] == [code]


def test_it_leaves_no_gap_and_no_overlap_at_a_shared_border() -> None:
    for one, other in [("CD", "AO"), ("CD", "RW"), ("CF", "CM"), ("SL", "LR"), ("ZA", "LS"), ("GN", "CI")]:
        shared = shapely.intersection(countries()[one], countries()[other])
        assert shapely.length(shared) > 1.0, (one, other)
        assert shapely.area(shared) < 1e-6, (one, other)


def test_it_draws_regions_in_every_country() -> None:
    drawn = {feature["properties"]["iso_a2"]: shape(feature) for feature in features("regions")}
    assert set(drawn) == set(COUNTRY_NAMES)
    for code, lines in drawn.items():
        land = shapely.buffer(countries()[code], SHORE_DEGREES)
        assert shapely.covers(land, lines), code


def test_it_draws_the_great_water() -> None:
    kinds = Counter(feature["properties"]["kind"] for feature in features("water"))
    assert kinds["river"] == 1
    lakes = shapely.union_all([shape(f) for f in features("water") if f["properties"]["kind"] == "lake"])
    for name, longitude, latitude in [("Victoria", 33.0, -1.0), ("Tanganyika", 29.5, -6.0)]:
        assert shapely.contains(lakes, shapely.Point(longitude, latitude)), name
    rivers = shapely.union_all([shape(f) for f in features("water") if f["properties"]["kind"] == "river"])
    kisangani = shapely.Point(25.19, 0.52)
    assert shapely.distance(rivers, kisangani) < 0.2
