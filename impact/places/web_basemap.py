"""The basemap as a browser gets it: fine where the producing areas are, coarse elsewhere, in few bytes."""

import json
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import DATA, countries_geojson

Shape = tuple[dict[str, str], BaseGeometry]

WINDOW = shapely.box(-92.0, -58.0, 90.0, 62.0)
_NEAR = shapely.box(-82.0, -36.0, 60.0, 40.0)  # countries that reach into it are drawn fine
_TOLERANCE_DEGREES = 0.05  # 5 km: under a pixel until the map shows a single province
_OUTLINE_TOLERANCE_DEGREES = 0.2  # two pixels at zoom 4
_FAR_TOLERANCE_DEGREES = 0.9
_DECIMALS = 2
_SMALLEST_ISLAND_DEGREES2 = 0.003
_SMALLEST_OUTLINE_DEGREES2 = 0.05
_SMALLEST_FAR_DEGREES2 = 2.0
_LEFT_OUT = "Antarctica"


# All of them take `in_steps`: GeoJSON otherwise, and half of its bytes with it (see `_as_steps`).


@cache
def web_countries(*, in_steps: bool = False) -> bytes:
    """Countries, with `iso_a2` and `name`; shared borders stay shared."""
    return _encode(_countries(_TOLERANCE_DEGREES, _SMALLEST_ISLAND_DEGREES2), in_steps=in_steps)


@cache
def web_outlines(*, in_steps: bool = False) -> bytes:
    """The same in less than half of the bytes, for a first look at a continent on a slow line."""
    shapes = _countries(_OUTLINE_TOLERANCE_DEGREES, _SMALLEST_OUTLINE_DEGREES2)
    return _encode(shapes, decimals=1, in_steps=in_steps)


def _countries(tolerance: float, smallest: float) -> Iterable[Shape]:
    features = countries_geojson()["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    fine = shapely.coverage_simplify(shapes, tolerance)
    coarse = shapely.coverage_simplify(shapes, _FAR_TOLERANCE_DEGREES)
    is_near = shapely.intersects(shapes, _NEAR)
    for feature, near, of_near, of_far in zip(features, is_near, fine, coarse, strict=True):
        if feature["properties"]["name"] != _LEFT_OUT:
            whole = (of_near, smallest) if near else (of_far, _SMALLEST_FAR_DEGREES2)
            yield feature["properties"], _without_islets(*whole)


@cache
def web_details(*, in_steps: bool = False) -> bytes:
    """First-level boundaries and big waters, for a map that shows less than a country."""
    found = []
    for name in ("regions", "water"):
        for feature in json.loads((DATA / f"{name}.geojson").read_text(encoding="utf-8"))["features"]:
            shape = shapely.simplify(shapely.from_geojson(json.dumps(feature["geometry"])), 0.01)
            kind = feature["properties"].get("kind", "region")
            found.append(({"kind": kind}, shapely.intersection(shape, WINDOW)))
    return _encode(found, in_steps=in_steps)


def _without_islets(shape: BaseGeometry, smallest: float) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon(
        [part for part in parts if part.geom_type == "Polygon" and (len(parts) == 1 or part.area > smallest)]
    )


def _encode(shapes: Iterable[Shape], *, decimals: int = _DECIMALS, in_steps: bool) -> bytes:
    collection = _as_steps(shapes, decimals) if in_steps else _as_geojson(shapes, decimals)
    return json.dumps(collection, separators=(",", ":"), ensure_ascii=False).encode()


def _as_steps(shapes: Iterable[Shape], decimals: int) -> dict[str, Any]:
    """{"scale": …, "shapes": [[properties, type, coordinates]]}, coordinates nested as in GeoJSON.

    Each line of corners is words "x,y": whole numbers, each the step from the corner before, the first from
    0,0. Divided by `scale` they are degrees.
    """
    scale = 10**decimals
    return {
        "scale": scale,
        "shapes": [
            [properties, shape.geom_type, _steps(_round(mapping(shape)["coordinates"], decimals), scale)]
            for properties, shape in shapes
            if not shape.is_empty
        ],
    }


def _steps(coordinates: Any, scale: int) -> Any:
    if not isinstance(coordinates[0][0], int | float):
        return [_steps(inner, scale) for inner in coordinates]
    corners = [(round(longitude * scale), round(latitude * scale)) for longitude, latitude in coordinates]
    return " ".join(
        f"{x - before_x},{y - before_y}" for (before_x, before_y), (x, y) in pairwise([(0, 0), *corners])
    )


def _as_geojson(shapes: Iterable[Shape], decimals: int) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties, "geometry": _rounded(shape, decimals)}
            for properties, shape in shapes
            if not shape.is_empty
        ],
    }


def _rounded(shape: BaseGeometry, decimals: int) -> dict[str, object]:
    geometry: dict[str, object] = json.loads(shapely.to_geojson(shape))
    geometry["coordinates"] = _round(geometry["coordinates"], decimals)
    return geometry


def _round(coordinates: Any, decimals: int) -> Any:
    if not isinstance(coordinates, list | tuple):
        return coordinates
    if coordinates and isinstance(coordinates[0], int | float):
        return [round(number, decimals) for number in coordinates]
    rounded = [_round(inner, decimals) for inner in coordinates]
    # Two corners that rounding made one are one.
    return [inner for index, inner in enumerate(rounded) if index == 0 or inner != rounded[index - 1]]
