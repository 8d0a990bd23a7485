"""The nearest place of many outlines to many points: of the boundaries of surfaces, and of lines.

An outline is straight in degrees from corner to corner, as RFC 7946 has it. It is cut into pieces of at
most 0.01 degrees. The nearest place is sought on these as on straight lines in space, where the poles and
the antimeridian are nothing special; then the geodesic to it is measured. A piece that is straight in space
strays a centimetre or two from one that is straight in degrees, so the distance is up to 5 cm too long,
never too short.
"""

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.geodesics import Floats, Integers, Places, distances_m
from impact.places.nearness.reach_grid import ReachGrid

_PIECE_DEGREES = 0.01
_PIECES = 8  # in a part


class Outlines:
    """The outlines of areas that are lines or surfaces, prepared for measuring from many points."""

    def __init__(self, geometries: NDArray[np.object_], areas: Integers, near_m: Floats) -> None:
        """`areas` are the numbers of lines and surfaces; the geometries are of all, as is how far is near."""
        self._corners, line, area = _cut(geometries[areas], areas)
        # A part is a run of corners; the next one of the same line begins with its last. One that has fewer
        # goes on with its last.
        within = np.arange(len(line)) - np.searchsorted(line, line)
        ends = np.searchsorted(line, line, side="right") - 1
        starts = np.flatnonzero((within % _PIECES == 0) & (np.arange(len(line)) < ends))
        self._corner = np.minimum(starts[:, None] + np.arange(_PIECES + 1), ends[starts, None])
        self._area = area[starts]
        corners = Places.at(self._corners[:, 0], self._corners[:, 1])
        axes = [axis[self._corner] for axis in (corners.x, corners.y, corners.z)]
        self._begin = [axis[:, :-1].copy() for axis in axes]
        self._along = [np.diff(axis, axis=1) for axis in axes]
        self._square = np.sum([along * along for along in self._along], axis=0)
        self._pace = 1.0 / np.where(self._square > 0, self._square, 1.0)
        middle = corners.take(self._corner[:, _PIECES // 2])
        from_middle = (
            axis - own[:, None] for axis, own in zip(axes, (middle.x, middle.y, middle.z), strict=True)
        )
        self._radius_m = np.sqrt(sum(away * away for away in from_middle).max(axis=1, initial=0.0))
        self._grid = ReachGrid(middle, near_m[self._area] + self._radius_m)

    def near(self, points: Places) -> tuple[Integers, Integers, Floats]:
        """Points and areas that may be near them, each pair once, and the distance in metres."""
        point, part, middle_m = self._grid.pairs(points)
        order = np.argsort(point * len(self._area) + part)
        point, part, middle_m = point[order], part[order], middle_m[order]
        # The middle is on the outline: a part that begins behind another's has not the area's nearest place.
        opens, lengths = _runs(point, self._area[part])
        least_m = np.minimum.reduceat(middle_m, opens) if len(opens) else middle_m
        likely = np.flatnonzero(middle_m - self._radius_m[part] <= np.repeat(least_m, lengths))
        point, part = point[likely], part[likely]
        away_2, met = self._in_space(points, point, part)
        opens, lengths = _runs(point, self._area[part])
        least = np.minimum.reduceat(away_2, opens) if len(opens) else away_2
        best = np.flatnonzero(away_2 == np.repeat(least, lengths))
        best = best[_runs(point[best], self._area[part[best]])[0]]
        point, area, met = point[best], self._area[part[best]], met[best]
        return point, area, distances_m(points.take(point), Places.at(met[:, 0], met[:, 1]))

    def _in_space(self, points: Places, point: Integers, part: Integers) -> tuple[Floats, Floats]:
        """Of each pair: how far the nearest place of the part is, squared, and where, in degrees."""
        away_2 = np.zeros((len(part), _PIECES))
        passed = np.zeros((len(part), _PIECES))
        for own, begins, alongs in zip((points.x, points.y, points.z), self._begin, self._along, strict=True):
            away = begins.take(part, axis=0)
            away -= own.take(point)[:, None]
            passed -= away * alongs.take(part, axis=0)
            away *= away
            away_2 += away
        at = np.clip(passed * self._pace.take(part, axis=0), 0.0, 1.0)
        away_2 += at * (at * self._square.take(part, axis=0) - 2.0 * passed)
        piece = away_2.argmin(axis=1)
        pair = np.arange(len(part))
        begin, end = self._corner[part, piece], self._corner[part, piece + 1]
        met = self._corners[begin]
        met += at[pair, piece][:, None] * (self._corners[end] - met)
        return away_2[pair, piece], met


def _cut(geometries: NDArray[np.object_], areas: Integers) -> tuple[Floats, Integers, Integers]:
    """The corners of the pieces of all outlines, in degrees; the line and the area that each belongs to."""
    is_surface = shapely.get_dimensions(geometries) == 2
    outlines = geometries.copy()
    outlines[is_surface] = shapely.boundary(geometries[is_surface])
    lines, owner = shapely.get_parts(outlines, return_index=True)
    lines, inner = shapely.get_parts(lines, return_index=True)
    corners, line = shapely.get_coordinates(shapely.segmentize(lines, _PIECE_DEGREES), return_index=True)
    return corners, line, areas[owner[inner[line]]]


def _runs(*sorted_columns: Integers) -> tuple[Integers, Integers]:
    """Where rows that are equal in all columns begin, and how many they are."""
    length = len(sorted_columns[0])
    changes = np.zeros(length, dtype=bool)
    changes[:1] = True
    for column in sorted_columns:
        changes[1:] |= column[1:] != column[:-1]
    opens = np.flatnonzero(changes)
    return opens, np.diff(np.append(opens, length))
