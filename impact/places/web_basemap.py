"""The basemap as a browser gets it: the part of the world where the producing areas are, in few bytes."""

import json
from collections.abc import Iterable
from functools import cache

import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import DATA, countries_geojson

WINDOW = shapely.box(-92.0, -58.0, 90.0, 62.0)
_TOLERANCE_DEGREES = 0.05  # 5 km: under a pixel until the map shows a single province
_DECIMALS = 2
_SMALLEST_ISLAND_DEGREES2 = 0.003


@cache
def web_countries() -> bytes:
    """Countries as GeoJSON, with `iso_a2` and `name`; shared borders stay shared."""
    features = countries_geojson()["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    simple = shapely.coverage_simplify(shapes, _TOLERANCE_DEGREES)
    return _encode(
        (feature["properties"], _within_window(shape))
        for feature, shape in zip(features, simple, strict=True)
    )


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


def _within_window(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.intersection(shape, WINDOW))
    return shapely.MultiPolygon(
        [
            part
            for part in parts
            if part.geom_type == "Polygon" and (len(parts) == 1 or part.area > _SMALLEST_ISLAND_DEGREES2)
        ]
    )


def _encode(shapes: Iterable[tuple[dict[str, str], BaseGeometry]]) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": _rounded(shape)}
            for properties, shape in shapes
            if not shape.is_empty
        ],
    }
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False).encode()


def _rounded(shape: BaseGeometry) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _round(geometry["coordinates"])
    return geometry


def _round(coordinates: object) -> object:
    if not isinstance(coordinates, list):
        return coordinates
    if coordinates and isinstance(coordinates[0], int | float):
        return [round(number, _DECIMALS) for number in coordinates]
    rounded = [_round(inner) for inner in coordinates]
    # Two corners that rounding made one are one.
    return [inner for index, inner in enumerate(rounded) if index == 0 or inner != rounded[index - 1]]
