"""Geodesic distances on WGS 84 between many pairs of places at once.

Up to 100 km: the straight line between two places, through the ground, and what the earth curves over it.
With c the length of that line and k the curvature of the ellipsoid along it, at its beginning, the geodesic
is c (1 + (c k)^2 / 24 + 3 (c k)^4 / 640), as an arc is to its chord. That is true to 0.1 mm anywhere on
earth (to two thousandths of a millimetre up to 25 km) and takes no trigonometry once the places are in
space. Farther apart it is solved by Karney's method, with pyproj's Geod.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

WGS84 = Geod(ellps="WGS84")
CHORDS_UP_TO_M = 100_000.0
CHORD_ERROR_M = 0.0001
_SECOND_ECCENTRICITY_2 = WGS84.es / (1.0 - WGS84.es)


@dataclass(frozen=True, slots=True)
class Places:
    """Places on the ellipsoid as columns: degrees, and metres in space from the middle of the earth.

    `radius_m` is the radius of curvature from east to west.
    """

    longitude: Floats
    latitude: Floats
    x: Floats
    y: Floats
    z: Floats
    radius_m: Floats

    @classmethod
    def at(cls, longitude: Floats, latitude: Floats) -> Self:
        """From WGS 84 degrees."""
        turn, rise = np.radians(longitude), np.radians(latitude)
        sine, cosine = np.sin(rise), np.cos(rise)
        radius_m = WGS84.a / np.sqrt(1.0 - WGS84.es * sine * sine)
        return cls(
            longitude,
            latitude,
            radius_m * cosine * np.cos(turn),
            radius_m * cosine * np.sin(turn),
            radius_m * (1.0 - WGS84.es) * sine,
            radius_m,
        )

    def take(self, which: Integers | slice) -> Self:
        """Some of them, by their numbers."""
        return type(self)(
            self.longitude[which],
            self.latitude[which],
            self.x[which],
            self.y[which],
            self.z[which],
            self.radius_m[which],
        )

    def __len__(self) -> int:
        return len(self.longitude)


def distances_m(places: Places, others: Places) -> Floats:
    """The geodesic from each place to the other one of the same number."""
    up = others.z - places.z
    up *= up
    chord_2 = (others.x - places.x) ** 2 + (others.y - places.y) ** 2 + up
    angle_2 = (chord_2 + (2.0 * _SECOND_ECCENTRICITY_2) * up) / (places.radius_m * places.radius_m)
    distance_m = np.sqrt(chord_2) * (1.0 + angle_2 * (1.0 / 24.0 + angle_2 * (3.0 / 640.0)))
    far = np.flatnonzero(chord_2 > CHORDS_UP_TO_M * CHORDS_UP_TO_M)
    if len(far):
        distance_m[far] = karney_m(places.take(far), others.take(far))
    return distance_m


def karney_m(places: Places, others: Places) -> Floats:
    """The same, solved for each pair: fifteen nanometres, and slow."""
    solved = WGS84.inv(places.longitude, places.latitude, others.longitude, others.latitude)[2]
    return np.asarray(solved, dtype=float)
