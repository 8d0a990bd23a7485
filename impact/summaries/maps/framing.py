"""Which windows a sheet has: one frame, and insets for what lies an ocean away.

A country or a box that was asked for is one frame. Else the points decide: those of the Americas, of Africa
and Europe, and of Asia and the Pacific are grouped; the largest group has the frame, the others have insets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import country_shape
from impact.places.boxes import Box
from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.options import MapOptions

AFRICA: Box = (-19.0, -36.0, 52.0, 22.0)
INSET_ASPECT = 1.0
_LEAST_DEGREES = 3.0
_NEAR_DEGREES = 3.0  # an island is the mainland's so far away
_MARGIN, _INSET_MARGIN = 0.08, 0.16
_OCEANS = (-30.0, 60.0)  # meridians down the Atlantic and the Indian Ocean


@dataclass(frozen=True, slots=True)
class Framing:
    """The frame, and its insets, the fullest first."""

    main: Extent
    insets: tuple[Extent, ...] = ()

    @property
    def extents(self) -> tuple[Extent, ...]:
        return (self.main, *self.insets)


def map_framing(records: Sequence[PublishedRecord], options: MapOptions, aspect: float) -> Framing:
    """The box that was asked for, else the country, else what the points need, else Africa.

    `aspect`: the frame's width through its height.
    """
    if options.bbox:
        return Framing(Extent(options.bbox, aspect))
    shape = country_shape(options.country) if options.country else None
    points = np.array([(record["lon"], record["lat"]) for record in records if record["lon"] is not None])
    if shape is not None:
        return Framing(Extent(_widened(_country_box(shape, points)), aspect))
    if not len(points):
        return Framing(Extent(AFRICA, aspect))
    groups = _groups(points.astype(float))
    main, *others = (_box(group) for group in groups)
    insets = (Extent(_widened(box, _INSET_MARGIN), INSET_ASPECT) for box in others)
    return Framing(Extent(_widened(main), aspect), tuple(insets))


def _country_box(shape: BaseGeometry, points: NDArray[np.float64]) -> Box:
    """The mainland, islands near it, and wherever else there are incidents: no islet in another ocean makes
    a country small on its own map.
    """
    parts = shapely.get_parts(shape)
    largest = max(parts, key=lambda part: part.area)
    spots = shapely.points(points) if len(points) else None
    shown = [
        part
        for part in parts
        if shapely.distance(part, largest) <= _NEAR_DEGREES
        or (spots is not None and shapely.dwithin(part, spots, _NEAR_DEGREES).any())
    ]
    west, south, east, north = shapely.total_bounds(shown).tolist()
    return west, south, east, north


def _groups(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Points parted at the oceans, the fullest group first."""
    side = np.searchsorted(_OCEANS, points[:, 0])
    return sorted((points[side == each] for each in np.unique(side)), key=len, reverse=True)


def _box(points: NDArray[np.float64]) -> Box:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _widened(box: Box, margin: float = _MARGIN) -> Box:
    west, south, east, north = box
    spare_x = max((east - west) * margin, (_LEAST_DEGREES - (east - west)) / 2)
    spare_y = max((north - south) * margin, (_LEAST_DEGREES - (north - south)) / 2)
    return (
        max(west - spare_x, -180.0),
        max(south - spare_y, -80.0),
        min(east + spare_x, 180.0),
        min(north + spare_y, 80.0),
    )
