"""The basemap as a browser gets it: the part of the world where the producing areas are, in few bytes."""

import json
from collections.abc import Iterable
from functools import cache

import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import DATA, countries_geojson

WINDOW = shapely.box(-92.0, -58.0, 90.0, 62.0)
_TOLERANCE_DEGREES = 0.05  # 5 km: under a pixel until the map shows a single province
_OUTLINE_TOLERANCE_DEGREES = 0.2  # two pixels at zoom 4
_DECIMALS = 2
_SMALLEST_ISLAND_DEGREES2 = 0.003
_SMALLEST_OUTLINE_DEGREES2 = 0.05


@cache
def web_countries() -> bytes:
    """Countries as GeoJSON, with `iso_a2` and `name`; shared borders stay shared."""
    return _encode(_countries(_TOLERANCE_DEGREES, _SMALLEST_ISLAND_DEGREES2))


@cache
def web_outlines() -> bytes:
    """The same in less than half of the bytes, for a first look at a continent on a slow line."""
    return _encode(_countries(_OUTLINE_TOLERANCE_DEGREES, _SMALLEST_OUTLINE_DEGREES2), decimals=1)


def _countries(tolerance: float, smallest: float) -> Iterable[tuple[dict[str, str], BaseGeometry]]:
    features = countries_geojson()["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    simple = shapely.coverage_simplify(shapes, tolerance)
    for feature, shape in zip(features, simple, strict=True):
        yield feature["properties"], _within_window(shape, smallest)


@cache
def web_details() -> bytes:
    """First-level boundaries and big waters, for a map that shows less than a country."""
    found = []
    for name in ("regions", "water"):
        for feature in json.loads((DATA / f"{name}.geojson").read_text(encoding="utf-8"))["features"]:
            shape = shapely.simplify(shapely.from_geojson(json.dumps(feature["geometry"])), 0.01)
            kind = feature["properties"].get("kind", "region")
            found.append(({"kind": kind}, shapely.intersection(shape, WINDOW)))
    return _encode(found)


def _within_window(shape: BaseGeometry, smallest: float) -> BaseGeometry:
    parts = shapely.get_parts(shapely.intersection(shape, WINDOW))
    return shapely.MultiPolygon(
        [part for part in parts if part.geom_type == "Polygon" and (len(parts) == 1 or part.area > smallest)]
    )


def _encode(shapes: Iterable[tuple[dict[str, str], BaseGeometry]], decimals: int = _DECIMALS) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": _rounded(shape, decimals)}
            for properties, shape in shapes
            if not shape.is_empty
        ],
    }
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False).encode()


def _rounded(shape: BaseGeometry, decimals: int) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _round(geometry["coordinates"], decimals)
    return geometry


def _round(coordinates: object, decimals: int) -> object:
    if not isinstance(coordinates, list):
        return coordinates
    if coordinates and isinstance(coordinates[0], int | float):
        return [round(number, decimals) for number in coordinates]
    rounded = [_round(inner, decimals) for inner in coordinates]
    # Two corners that rounding made one are one.
    return [inner for index, inner in enumerate(rounded) if index == 0 or inner != rounded[index - 1]]
