"""The map for browsers without JavaScript: countries and counted points, drawn on the server as SVG."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt

import shapely

from impact.places.basemap import countries_geojson
from impact.places.boxes import Box
from impact.publication.filtering import IncidentFilter
from impact.summaries.clustering import clusters

_FRAME = (-62.0, -36.0, 46.0, 26.0)  # west, south, east, north: from Brazil to the Horn
_ZOOM = 3


@dataclass(frozen=True, slots=True)
class OutlinePoint:
    x: float
    y: float
    radius: float
    count: int


@dataclass(frozen=True, slots=True)
class Outline:
    """An SVG's view box, the countries' path, and a circle for each cluster with its count."""

    view_box: str
    land: str
    points: tuple[OutlinePoint, ...]


def outline_map(chosen: IncidentFilter) -> Outline:
    """What the filter shows, on a plain cylindrical drawing: one unit a degree, north up."""
    west, south, east, north = _FRAME
    found = clusters(_FRAME, _ZOOM, chosen)
    return Outline(
        view_box=f"{west:g} {-north:g} {east - west:g} {north - south:g}",
        land=outline_land(_FRAME),
        points=tuple(
            OutlinePoint(
                round(cluster.longitude, 2),
                round(-cluster.latitude, 2),
                round(min(0.9 + 0.25 * sqrt(cluster.count), 4), 2),
                cluster.count,
            )
            for cluster in found
        ),
    )


@lru_cache(maxsize=64)
def outline_land(frame: Box) -> str:
    """The countries within a frame (west, south, east, north in degrees), as an SVG's path."""
    box = shapely.box(*frame)
    return "".join(part for shape in _countries() for part in _rings(shapely.intersection(shape, box)))


@cache
def _countries() -> list[shapely.Geometry]:
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"])) for feature in countries_geojson()["features"]
    ]
    return [shape for shape in shapely.coverage_simplify(shapes, 0.4) if not shape.is_empty]


def _rings(shape: shapely.Geometry) -> Iterator[str]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and part.area > 0.2:
            corners = shapely.get_coordinates(part.exterior).round(1).tolist()
            yield "M" + "L".join(f"{x:g} {-y:g}" for x, y in corners) + "Z"
