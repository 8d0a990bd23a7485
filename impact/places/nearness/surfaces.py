"""Which points lie inside which surfaces."""

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.geodesics import Booleans, Floats, Integers

_LONGEST_DEGREE_M = 111_700.0


class Surfaces:
    """The areas that are surfaces, prepared for asking what they contain. Edges count as inside."""

    def __init__(self, geometries: NDArray[np.object_], areas: Integers, near_m: Floats) -> None:
        """`areas` are the numbers of the surfaces; the geometries are of all, and so is how far is near."""
        self._geometries = geometries
        shapely.prepare(geometries[areas])
        self._bounds = shapely.bounds(geometries)
        self._bounds[np.isin(np.arange(len(geometries)), areas, invert=True)] = np.nan
        west, south, east, north = self._bounds[areas].T
        narrow = np.minimum(north - south, east - west) * _LONGEST_DEGREE_M
        # Only in these a point can be farther from the edge than near.
        self._wide = areas[narrow > 2.0 * near_m[areas]]
        self._tree = shapely.STRtree(geometries[self._wide])

    def contain(self, area: Integers, longitude: Floats, latitude: Floats) -> Booleans:
        """Whether each of some areas is a surface that contains the point of the same number."""
        west, south, east, north = self._bounds[area].T
        holds: Booleans = (
            (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
        )
        likely = np.flatnonzero(holds)
        holds[likely] = shapely.intersects_xy(
            self._geometries[area[likely]], longitude[likely], latitude[likely]
        )
        return holds

    def around(self, longitude: Floats, latitude: Floats) -> tuple[Integers, Integers]:
        """All points that are inside surfaces so wide that their edge may not be near: both numbers."""
        if not len(self._wide):
            return self._wide, self._wide
        point, surface = self._tree.query(shapely.points(longitude, latitude), predicate="intersects")
        return point, self._wide[surface]
