"""The distance of many points to areas that are single points, or several."""

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.geodesics import CHORD_ERROR_M, Floats, Integers, Places, distances_m, karney_m
from impact.places.nearness.reach_grid import ReachGrid


class Spots:
    """The areas that are points, prepared for measuring from many others."""

    def __init__(self, geometries: NDArray[np.object_], areas: Integers, near_m: Floats) -> None:
        """`areas` are the numbers of the points; the geometries are of all, and so is how far is near."""
        corners, owner = shapely.get_coordinates(geometries[areas], return_index=True)
        self._area = areas[owner]
        self._near_m = near_m[self._area]
        self._places = Places.at(corners[:, 0], corners[:, 1])
        self._grid = ReachGrid(self._places, self._near_m)
        self._are_single = len(corners) == len(areas)

    def near(self, points: Places) -> tuple[Integers, Integers, Floats]:
        """Points and areas near them, each pair once, and the distance in metres."""
        point, spot, _ = self._grid.pairs(points)
        distance_m = distances_m(points.take(point), self._places.take(spot))
        near_m = self._near_m[spot]
        doubtful = np.flatnonzero(np.abs(distance_m - near_m) <= CHORD_ERROR_M)
        if len(doubtful):
            distance_m[doubtful] = karney_m(points.take(point[doubtful]), self._places.take(spot[doubtful]))
        keep = np.flatnonzero(distance_m <= near_m)
        point, area, distance_m = point[keep], self._area[spot[keep]], distance_m[keep]
        if self._are_single:
            return point, area, distance_m
        order = np.lexsort((distance_m, area, point))
        point, area, distance_m = point[order], area[order], distance_m[order]
        first = np.flatnonzero(
            np.append(True, (point[1:] != point[:-1]) | (area[1:] != area[:-1]))[: len(point)]
        )
        return point[first], area[first], distance_m[first]
