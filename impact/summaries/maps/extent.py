"""How much of the world a map shows, and in which projection.

Lambert azimuthal equal-area, centred on what is shown: areas compare truly (Snyder 1987, p. 182).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from impact.places.basemap import country_shape
from impact.publication.published import PublishedRecord
from impact.summaries.maps.options import Box, MapOptions

_AFRICA: Box = (-19.0, -36.0, 52.0, 22.0)
_LEAST_DEGREES = 1.5
_MARGIN = 0.08
_WORLD_MARGIN_DEGREES = 25.0


@dataclass(frozen=True)
class Extent:
    """A projected window. `box` is in degrees; `window` is (left, bottom, right, top) in metres."""

    box: Box
    aspect: float

    @cached_property
    def centre(self) -> tuple[float, float]:
        west, south, east, north = self.box
        return round((west + east) / 2, 1), round((south + north) / 2, 1)

    @cached_property
    def crs(self) -> CRS:
        longitude, latitude = self.centre
        return CRS.from_proj4(
            f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +no_defs"
        )

    @cached_property
    def to_plane(self) -> Transformer:
        return Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    @cached_property
    def window(self) -> Box:
        """The box in metres, widened or heightened to the frame's aspect (width / height)."""
        outline = shapely.get_coordinates(shapely.segmentize(shapely.box(*self.box), 0.5))
        x, y = self.to_plane.transform(outline[:, 0], outline[:, 1])
        left, bottom, right, top = float(x.min()), float(y.min()), float(x.max()), float(y.max())
        width, height = right - left, top - bottom
        if width < height * self.aspect:
            spare = (height * self.aspect - width) / 2
            left, right = left - spare, right + spare
        else:
            spare = (width / self.aspect - height) / 2
            bottom, top = bottom - spare, top + spare
        return left, bottom, right, top

    @property
    def width_m(self) -> float:
        return self.window[2] - self.window[0]

    @cached_property
    def clip_box(self) -> Box:
        """Degrees that surely hold the window: what is cut out of the basemap before it is projected."""
        west, south, east, north = self.box
        spare = max(east - west, north - south) + _WORLD_MARGIN_DEGREES
        return (
            max(west - spare, -180),
            max(south - spare, -85),
            min(east + spare, 180),
            min(north + spare, 85),
        )

    def project(self, longitude: float, latitude: float) -> tuple[float, float]:
        x, y = self.to_plane.transform(longitude, latitude)
        return float(x), float(y)

    def on_plane(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows of (longitude, latitude) as rows of (x, y) in metres: for shapely.transform."""
        return np.column_stack(self.to_plane.transform(degrees[:, 0], degrees[:, 1]))

    def holds(self, x: float, y: float) -> bool:
        left, bottom, right, top = self.window
        return left <= x <= right and bottom <= y <= top


def map_extent(records: Sequence[PublishedRecord], options: MapOptions, aspect: float) -> Extent:
    """The box that was asked for, else the country, else what the points need, else Africa."""
    if options.bbox:
        return Extent(options.bbox, aspect)
    shape = country_shape(options.country) if options.country else None
    if shape is not None:
        return Extent(_widened(shape.bounds), aspect)
    points = np.array([(record["lon"], record["lat"]) for record in records if record["lon"] is not None])
    if not len(points):
        return Extent(_AFRICA, aspect)
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    return Extent(_widened((float(west), float(south), float(east), float(north))), aspect)


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
