"""How far points are from producing areas, for one point or a million: plain arrays, no database.

The distance is geodesic (Karney's method by pyproj's Geod on WGS 84). To a line or a polygon it is the
distance to the nearest point of the boundary, whose edges are straight in degrees as in RFC 7946. That
point is sought on pieces of at most 0.01 degrees, in a plane around the incident where nearby distances are
true to a millionth (mid-latitude formula; beyond 80 degrees the azimuthal equidistant plane, Snyder 1987,
p. 191); the distance to it is then geodesic again. Within 60 degrees of the equator the result is at most
5 cm too long.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod

from impact.places.certainty import DiscShares

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

NEAREST = 5
WGS84 = Geod(ellps="WGS84")
SHORTEST_DEGREE_M = 110_500.0  # of latitude, at the equator: errs towards a box too large
_POLAR_DEGREES = 80.0
_PIECE_DEGREES = 0.01
_PIECES_A_PART = 32
_FIRST_ECCENTRICITY_2 = WGS84.es


@dataclass(frozen=True, slots=True)
class AreaShape:
    """What measuring needs of a producing area: WGS 84 degrees, and how far "near" reaches around it."""

    key: int
    geometry: shapely.Geometry
    reach_m: float
    accuracy_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Nearness:
    """Links as columns, by point and then nearest first. `point` counts the points, `area` is an area's key.

    `distance_m` is 0 inside; `share` is the part of a point's disc that lies within the area or its reach,
    `share_inside` the part within the area itself; `rank` is 0 for the nearest.
    """

    point: Integers
    area: Integers
    distance_m: Floats
    is_inside: Booleans
    share: Floats
    share_inside: Floats
    rank: Integers


class AreaIndex:
    """Producing areas, prepared for measuring many points against them."""

    def __init__(self, shapes: Sequence[AreaShape]) -> None:
        self.keys = np.array([shape.key for shape in shapes], dtype=np.int64)
        self.reach_m = np.array([shape.reach_m for shape in shapes], dtype=float)
        self._geometries = np.array([shape.geometry for shape in shapes], dtype=object)
        self._longest_reach_m = float(self.reach_m.max(initial=0.0))
        dimensions = shapely.get_dimensions(self._geometries)
        self._surfaces = np.flatnonzero(dimensions == 2)
        shapely.prepare(self._geometries[self._surfaces])
        self._surface_tree = shapely.STRtree(self._geometries[self._surfaces])
        self._make_spots(np.flatnonzero(dimensions == 0))
        self._make_parts(np.flatnonzero(dimensions > 0))
        self._shares = DiscShares(self._geometries, self.reach_m)

    def nearest(
        self,
        longitude: Floats,
        latitude: Floats,
        uncertainty_m: Floats,
        *,
        limit: int = NEAREST,
        left_out: tuple[Integers, Integers] | None = None,
    ) -> Nearness:
        """The nearest areas that reach each point, at most `limit` of them, equal distances by key.

        Points are WGS 84 degrees. `left_out` holds pairs (number of the point, key of the area) that do
        not count.
        """
        point, area, distance_m, is_inside = self.measured(longitude, latitude)
        keep = is_inside | (distance_m <= self.reach_m[area])
        if left_out is not None and len(left_out[0]):
            pairs = set(zip(left_out[0].tolist(), left_out[1].tolist(), strict=True))
            named = zip(point.tolist(), self.keys[area].tolist(), strict=True)
            keep &= np.fromiter((pair not in pairs for pair in named), dtype=bool, count=len(point))
        point, area, distance_m, is_inside = point[keep], area[keep], distance_m[keep], is_inside[keep]
        order = np.lexsort((self.keys[area], np.where(is_inside, 0.0, distance_m), point))
        point = point[order]
        rank = np.arange(len(point)) - np.searchsorted(point, point)
        near = order[rank < limit]
        rank, point = rank[rank < limit], point[rank < limit]
        area, distance_m, is_inside = area[near], distance_m[near], is_inside[near]
        share, share_inside = self._shares.of(
            area, longitude[point], latitude[point], uncertainty_m[point], distance_m, is_inside
        )
        return Nearness(
            point, self.keys[area], np.where(is_inside, 0.0, distance_m), is_inside, share, share_inside, rank
        )

    def shares(
        self, longitude: Floats, latitude: Floats, uncertainty_m: Floats, distance_m: Floats
    ) -> tuple[float, float]:
        """Of the only area, as seen from one point that is out of its reach: see `Nearness`."""
        nothing = np.zeros(1, dtype=np.int64)
        share, share_inside = self._shares.of(
            nothing, longitude, latitude, uncertainty_m, distance_m, nothing.astype(bool)
        )
        return float(share[0]), float(share_inside[0])

    def reaches(self, longitude: Floats, latitude: Floats) -> Booleans:
        """Which points lie in reach of any area."""
        point, area, distance_m, is_inside = self.measured(longitude, latitude)
        touched = np.zeros(len(longitude), dtype=bool)
        touched[point[is_inside | (distance_m <= self.reach_m[area])]] = True
        return touched

    def measured(
        self, longitude: Floats, latitude: Floats, *, within_m: float | None = None
    ) -> tuple[Integers, Integers, Floats, Booleans]:
        """All pairs of a point and an area that can be in reach, each once: both numbers, distance, inside.

        The distance of a point inside is that to the boundary; infinite where that is out of reach.
        """
        margin_m = self._longest_reach_m if within_m is None else within_m
        boxes, box_of = _boxes(longitude, latitude, margin_m)
        inside = self._inside(longitude, latitude)
        spots = self._to_spots(boxes, box_of, longitude, latitude)
        edges = self._to_edges(boxes, box_of, longitude, latitude)
        # A spot is no surface, so the three kinds of pairs only meet where a surface has its edge in reach.
        width = max(len(self.keys), 1)
        held, met = inside[0] * width + inside[1], edges[0] * width + edges[1]
        alone = ~np.isin(held, met)
        point = np.concatenate((spots[0], edges[0], inside[0][alone]))
        area = np.concatenate((spots[1], edges[1], inside[1][alone]))
        distance_m = np.concatenate((spots[2], edges[2], np.full(int(alone.sum()), np.inf)))
        is_inside = np.zeros(len(point), dtype=bool)
        is_inside[len(spots[0]) : len(spots[0]) + len(met)] = np.isin(met, held)
        is_inside[len(spots[0]) + len(met) :] = True
        return point, area, distance_m, is_inside

    def _inside(self, longitude: Floats, latitude: Floats) -> tuple[Integers, Integers]:
        point, surface = self._surface_tree.query(shapely.points(longitude, latitude))
        area = self._surfaces[surface]
        holds = shapely.intersects_xy(self._geometries[area], longitude[point], latitude[point])
        return point[holds], area[holds]

    def _make_spots(self, areas: Integers) -> None:
        coordinates, owner = shapely.get_coordinates(self._geometries[areas], return_index=True)
        self._spot_area = areas[owner]
        self._spot_longitude, self._spot_latitude = coordinates[:, 0].copy(), coordinates[:, 1].copy()
        self._has_one_spot_each = len(coordinates) == len(areas)
        self._spot_tree = shapely.STRtree(shapely.points(coordinates))

    def _to_spots(
        self, boxes: NDArray[np.object_], box_of: Integers, longitude: Floats, latitude: Floats
    ) -> tuple[Integers, Integers, Floats]:
        box, spot = self._spot_tree.query(boxes)
        point, area = box_of[box], self._spot_area[spot]
        distance_m = np.asarray(
            WGS84.inv(
                longitude[point], latitude[point], self._spot_longitude[spot], self._spot_latitude[spot]
            )[2],
            dtype=float,
        )
        if self._has_one_spot_each and len(boxes) == len(longitude):
            return point, area, distance_m
        order = np.lexsort((distance_m, area, point))
        point, area, distance_m = point[order], area[order], distance_m[order]
        first = np.append(True, (point[1:] != point[:-1]) | (area[1:] != area[:-1]))[: len(point)]
        return point[first], area[first], distance_m[first]

    def _make_parts(self, areas: Integers) -> None:
        """Cut all boundaries into short straight pieces, and these into parts that a tree can find."""
        outlines = np.array(
            [shapely.boundary(g) if shapely.get_dimensions(g) == 2 else g for g in self._geometries[areas]],
            dtype=object,
        )
        lines, owner = shapely.get_parts(outlines, return_index=True)
        lines, inner = shapely.get_parts(lines, return_index=True)
        coordinates, line = shapely.get_coordinates(
            shapely.segmentize(lines, _PIECE_DEGREES), return_index=True
        )
        # A part is a run of corners; the next one of the same line begins with its last.
        within = np.arange(len(line)) - np.searchsorted(line, line)
        is_last = np.append(line[1:] != line[:-1], True) if len(line) else np.zeros(0, dtype=bool)
        starts = np.flatnonzero((within % _PIECES_A_PART == 0) & ~is_last)
        ends = np.searchsorted(line, line[starts], side="right")
        self._corner = coordinates
        self._part_start = starts
        self._part_length = np.minimum(starts + _PIECES_A_PART + 1, ends) - starts
        self._part_area = areas[owner[inner[line[starts]]]] if len(starts) else np.zeros(0, dtype=np.int64)
        low, high = np.zeros((len(starts), 2)), np.zeros((len(starts), 2))
        for part, (start, length) in enumerate(zip(starts, self._part_length, strict=True)):
            corners = coordinates[start : start + length]
            low[part], high[part] = corners.min(axis=0), corners.max(axis=0)
        self._part_tree = shapely.STRtree(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))

    def _to_edges(
        self, boxes: NDArray[np.object_], box_of: Integers, longitude: Floats, latitude: Floats
    ) -> tuple[Integers, Integers, Floats]:
        box, part = self._part_tree.query(boxes)
        point = box_of[box]
        if not len(part):
            return point, self._part_area[part], np.zeros(0)
        order = np.lexsort((part, self._part_area[part], point))
        part, point = part[order], point[order]
        length = self._part_length[part]
        ends = np.cumsum(length)
        corner = np.arange(ends[-1]) + np.repeat(self._part_start[part] - (ends - length), length)
        x, y = _to_plane(
            np.repeat(longitude[point], length),
            np.repeat(latitude[point], length),
            self._corner[corner, 0],
            self._corner[corner, 1],
        )
        along_x, along_y = np.diff(x), np.diff(y)
        square = along_x * along_x + along_y * along_y
        at = np.clip(-(x[:-1] * along_x + y[:-1] * along_y) / np.where(square > 0, square, 1.0), 0.0, 1.0)
        away = np.append((x[:-1] + at * along_x) ** 2 + (y[:-1] + at * along_y) ** 2, np.inf)
        away[ends - 1] = np.inf  # from the last corner of a part to the first of the next there is no edge
        area = self._part_area[part]
        opens = np.flatnonzero(np.append(True, (point[1:] != point[:-1]) | (area[1:] != area[:-1])))
        first = (ends - length)[opens]
        nearest = np.minimum.reduceat(away, first)
        group = np.repeat(np.arange(len(opens)), np.diff(np.append(first, len(away))))
        best = np.flatnonzero(away == nearest[group])
        best = best[np.unique(group[best], return_index=True)[1]]
        begins, stops = self._corner[corner[best]], self._corner[corner[best] + 1]
        met = begins + at[best, None] * (stops - begins)
        distance_m = WGS84.inv(longitude[point[opens]], latitude[point[opens]], met[:, 0], met[:, 1])[2]
        return point[opens], area[opens], np.asarray(distance_m, dtype=float)


def boxes_around(
    longitude: float, latitude: float, within_m: float
) -> list[tuple[float, float, float, float]]:
    """Boxes (west, south, east, north) that hold all within a distance; two across the antimeridian."""
    bounds = _bounds(np.array([longitude]), np.array([latitude]), within_m)[0].tolist()
    return [(max(west, -180.0), south, min(east, 180.0), north) for west, south, east, north in bounds]


def _boxes(longitude: Floats, latitude: Floats, within_m: float) -> tuple[NDArray[np.object_], Integers]:
    bounds, point = _bounds(longitude, latitude, within_m)
    return shapely.box(bounds[:, 0], bounds[:, 1], bounds[:, 2], bounds[:, 3]), point


def _bounds(longitude: Floats, latitude: Floats, within_m: float) -> tuple[Floats, Integers]:
    """Bounds around points, and whose they are: a second one where the first crosses the antimeridian."""
    margin = within_m / SHORTEST_DEGREE_M
    south, north = np.maximum(latitude - margin, -90.0), np.minimum(latitude + margin, 90.0)
    farthest = np.maximum(np.abs(south), np.abs(north))
    is_polar = farthest >= 89.0
    wide = np.where(is_polar, 180.0, margin / np.cos(np.radians(np.where(is_polar, 0.0, farthest))))
    west = np.where(is_polar, -180.0, longitude - wide)
    east = np.where(is_polar, 180.0, longitude + wide)
    bounds, point = np.column_stack((west, south, east, north)), np.arange(len(longitude))
    for crosses, shift in ((west < -180.0, 360.0), (east > 180.0, -360.0)):
        if crosses.any():
            again = np.flatnonzero(crosses)
            bounds = np.concatenate((bounds, bounds[again] + np.array([shift, 0.0, shift, 0.0])))
            point = np.concatenate((point, again))
    return bounds, point


def _to_plane(
    longitude: Floats, latitude: Floats, to_longitude: Floats, to_latitude: Floats
) -> tuple[Floats, Floats]:
    """Metres east and north of points, for places nearby: mid-latitude formula, azimuthal near the poles."""
    cosine = np.cos((latitude + to_latitude) * (np.pi / 360.0))
    flattened = (1.0 - _FIRST_ECCENTRICITY_2) + _FIRST_ECCENTRICITY_2 * cosine * cosine
    across = (WGS84.a * np.pi / 180.0) / np.sqrt(flattened)
    apart = to_longitude - longitude
    if len(apart) and np.abs(apart).max() > 180.0:
        apart = apart - 360.0 * np.round(apart / 360.0)
    x = across * cosine * apart
    y = across * (1.0 - _FIRST_ECCENTRICITY_2) / flattened * (to_latitude - latitude)
    is_polar = np.abs(latitude) > _POLAR_DEGREES
    if is_polar.any():
        azimuth, _, distance_m = WGS84.inv(
            longitude[is_polar], latitude[is_polar], to_longitude[is_polar], to_latitude[is_polar]
        )
        x[is_polar] = distance_m * np.sin(np.radians(azimuth))
        y[is_polar] = distance_m * np.cos(np.radians(azimuth))
    return x, y


def bounds_in_reach(shape: AreaShape) -> list[tuple[float, float, float, float]]:
    """Boxes (west, south, east, north) that hold all within reach of an area; two across the antimeridian."""
    west, south, east, north = (float(bound) for bound in shapely.bounds(shape.geometry))
    margin = shape.reach_m / SHORTEST_DEGREE_M
    south, north = max(south - margin, -90.0), min(north + margin, 90.0)
    farthest = max(abs(south), abs(north))
    if farthest >= 89.0:
        return [(-180.0, south, 180.0, north)]
    wide = margin / float(np.cos(np.radians(farthest)))
    west, east = west - wide, east + wide
    boxes = [(max(west, -180.0), south, min(east, 180.0), north)]
    if west < -180.0:
        boxes.append((west + 360.0, south, 180.0, north))
    if east > 180.0:
        boxes.append((-180.0, south, east - 360.0, north))
    return boxes
