"""How sure nearness is: the share of an incident's disc that lies within an area, or within its reach.

The true place may be anywhere in the disc around an incident's point, and nowhere in it more likely than
elsewhere. For a point the share is the overlap of two circles, exactly. For a polygon or a line, a hundred
points are spread evenly over the disc (a sunflower) and those within are counted: good to two hundredths.
"""

from math import pi

import numpy as np
import shapely
from numpy.typing import NDArray

from impact.places.nearness.geodesics import WGS84, Booleans, Floats, Integers, Places
from impact.places.nearness.surroundings import UNIT_X, UNIT_Y, Surroundings


class DiscShares:
    """Answers shares for a fixed set of areas."""

    def __init__(self, geometries: NDArray[np.object_], reach_m: Floats) -> None:
        self._geometries = geometries
        self._reach_m = reach_m
        self._is_spot = shapely.get_type_id(geometries) == shapely.GeometryType.POINT
        self._is_surface = shapely.get_dimensions(geometries) == 2
        self._number = np.cumsum(~self._is_spot) - 1
        self._surroundings = Surroundings(geometries[~self._is_spot], reach_m[~self._is_spot])

    def of(
        self, area: Integers, points: Places, uncertainty_m: Floats, distance_m: Floats, is_inside: Booleans
    ) -> tuple[Floats, Floats]:
        """For pairs of an area and a point: the share within the area or its reach, and within the area.

        `distance_m` is to the area's nearest edge, also for a point inside.
        """
        reach_m = self._reach_m[area]
        outside_m = np.where(is_inside, 0.0, distance_m)
        share = (outside_m <= reach_m).astype(float)
        inside = is_inside.astype(float)
        is_cut = (uncertainty_m > 0) & (outside_m + uncertainty_m > reach_m)
        spots = np.flatnonzero(is_cut & self._is_spot[area])
        share[spots] = circle_share(outside_m[spots], uncertainty_m[spots], reach_m[spots])
        pairs = np.flatnonzero(is_cut & ~self._is_spot[area])
        if len(pairs):
            share[pairs] = self._surroundings.shares(
                self._number[area[pairs]], points.take(pairs), uncertainty_m[pairs]
            )
        pairs = np.flatnonzero((distance_m < uncertainty_m) & self._is_surface[area])
        if len(pairs):
            x, y = _disc(points.longitude[pairs], points.latitude[pairs], uncertainty_m[pairs])
            holds = shapely.intersects_xy(self._geometries[area[pairs]][:, None], x, y)
            inside[pairs] = holds.mean(axis=1)
        return np.maximum(share, inside), inside


def circle_share(distance_m: Floats, radius_m: Floats, reach_m: Floats) -> Floats:
    """The share of a circle that another covers, whose centre is a distance away."""
    d, r, reach = (np.asarray(values, dtype=float) for values in (distance_m, radius_m, reach_m))
    apart = np.maximum(d, 1e-9)
    near = np.arccos(np.clip((apart**2 + r**2 - reach**2) / (2 * apart * r), -1, 1))
    far = np.arccos(np.clip((apart**2 + reach**2 - r**2) / (2 * apart * reach), -1, 1))
    kite = (-apart + r + reach) * (apart + r - reach) * (apart - r + reach) * (apart + r + reach)
    overlap = r**2 * near + reach**2 * far - np.sqrt(np.maximum(kite, 0.0)) / 2
    whole = np.where(d <= np.abs(r - reach), pi * np.minimum(r, reach) ** 2, overlap)
    return np.clip(np.where(d >= r + reach, 0.0, whole) / (pi * r**2), 0.0, 1.0)


def _disc(longitude: Floats, latitude: Floats, radius_m: Floats) -> tuple[Floats, Floats]:
    """Points spread evenly over each disc, in degrees: a line for each disc."""
    sine, cosine = np.sin(np.radians(latitude)), np.cos(np.radians(latitude))
    across_m = WGS84.a / np.sqrt(1.0 - WGS84.es * sine * sine)
    along_m = across_m**3 * (1.0 - WGS84.es) / WGS84.a**2
    rise = (radius_m / along_m)[:, None] * UNIT_Y
    # The cosine half way up, for a rise that is small: true to a millionth for 200 km.
    shrink = cosine[:, None] * (1.0 - rise * rise / 8) - sine[:, None] * rise / 2
    turn = (radius_m / across_m)[:, None] * UNIT_X / np.maximum(shrink, 1e-6)
    x = longitude[:, None] + np.degrees(turn)
    x -= 360.0 * np.round(x / 360.0)
    return x, np.clip(latitude[:, None] + np.degrees(rise), -90.0, 90.0)
