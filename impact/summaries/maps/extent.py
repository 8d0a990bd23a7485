"""A window on the world, and the projection that it is drawn in.

Where a window lies in one UTM zone, UTM (directions and small distances are true); else Lambert azimuthal
equal-area about its middle, so that areas compare truly (Snyder 1987, pp. 48 and 182).
"""

from dataclasses import dataclass
from functools import cached_property

import geopandas
import numpy as np
import shapely
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from impact.places.boxes import Box
from impact.summaries.maps.degrees import latitude_words, longitude_words

_WORLD_MARGIN_DEGREES = 25.0
_ZONE_MARGIN_DEGREES = 5.0  # farther from its zone, UTM goes astray
_UTM_HALF_WIDTH = 3.0  # degrees from the central meridian
_UTM_LATITUDES = (-79.0, 83.0)


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
    def utm_zone(self) -> int:
        """The UTM zone that holds the whole box, or 0."""
        west, south, east, north = self.box
        zone = int((self.centre[0] + 180) // 6) % 60 + 1
        middle = zone * 6 - 183
        fits = middle - _UTM_HALF_WIDTH <= west and east <= middle + _UTM_HALF_WIDTH
        return zone if fits and _UTM_LATITUDES[0] < south and north < _UTM_LATITUDES[1] else 0

    @cached_property
    def crs(self) -> CRS:
        longitude, latitude = self.centre
        if self.utm_zone:
            return CRS.from_epsg((32600 if latitude >= 0 else 32700) + self.utm_zone)
        return CRS.from_proj4(
            f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84 +units=m +no_defs"
        )

    def projection_words(self) -> str:
        """The projection and datum, named for the sheet."""
        longitude, latitude = self.centre
        if self.utm_zone:
            return _("Projection: UTM zone %(zone)s, WGS 84 (EPSG:%(code)s).") % {
                "zone": f"{self.utm_zone}{'N' if latitude >= 0 else 'S'}",
                "code": self.crs.to_epsg(),
            }
        return _("Projection: Lambert azimuthal equal-area, centre %(latitude)s, %(longitude)s; WGS 84.") % {
            "latitude": latitude_words(latitude),
            "longitude": longitude_words(longitude),
        }

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
        spare = max(east - west, north - south)
        spare += _ZONE_MARGIN_DEGREES if self.utm_zone else _WORLD_MARGIN_DEGREES
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

    def within(self, frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
        """The rows of a frame in WGS 84 whose point lies in the window, on the plane."""
        return frame.to_crs(self.crs).cx[self.window[0] : self.window[2], self.window[1] : self.window[3]]
