"""Which windows a sheet has: one frame, and insets for what lies an ocean away.

A country or a box that was asked for is one frame. Else the points decide: those of the Americas, of Africa
and Europe, and of Asia and the Pacific are grouped; the largest group has the frame, the others have insets.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impact.places.basemap import country_shape
from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.options import Box, MapOptions

AFRICA: Box = (-19.0, -36.0, 52.0, 22.0)
INSET_ASPECT = 1.0
_LEAST_DEGREES = 3.0
_MARGIN = 0.08
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
    if shape is not None:
        return Framing(Extent(_widened(shape.bounds), aspect))
    points = np.array([(record["lon"], record["lat"]) for record in records if record["lon"] is not None])
    if not len(points):
        return Framing(Extent(AFRICA, aspect))
    groups = _groups(points.astype(float))
    main, *others = (_box(group) for group in groups)
    return Framing(
        Extent(_widened(main), aspect), tuple(Extent(_widened(box), INSET_ASPECT) for box in others)
    )


def _groups(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Points parted at the oceans, the fullest group first."""
    side = np.searchsorted(_OCEANS, points[:, 0])
    return sorted((points[side == each] for each in np.unique(side)), key=len, reverse=True)


def _box(points: NDArray[np.float64]) -> Box:
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _widened(box: Box) -> Box:
    west, south, east, north = box
    spare_x = max((east - west) * _MARGIN, (_LEAST_DEGREES - (east - west)) / 2)
    spare_y = max((north - south) * _MARGIN, (_LEAST_DEGREES - (north - south)) / 2)
    return (
        max(west - spare_x, -180.0),
        max(south - spare_y, -80.0),
        min(east + spare_x, 180.0),
        min(north + spare_y, 80.0),
    )
