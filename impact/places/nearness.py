"""What is near what: the producing areas that contain a point or lie near it.

The spatial index narrows first, on both databases; the distance after is geodesic (Karney's method
by pyproj's Geod on WGS 84). A polygon is measured to its boundary in an azimuthal equidistant plane
centred on the point, where every distance from the point is true (Snyder 1987, p. 191).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from django.conf import settings
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import connection
from django.db.models import QuerySet
from pyproj import Geod

from impact.places.models import ProducingArea

WITHIN_M = 25_000.0
NEAREST = 5
_WGS84 = Geod(ellps="WGS84")
_SHORTEST_DEGREE_M = 110_500.0  # of latitude, at the equator: errs towards a box too large
_SEGMENT_DEGREES = 0.02  # so that a long edge, straight in degrees, bends as it should in the plane


@dataclass(frozen=True, slots=True)
class NearbyArea:
    """A producing area and its geodesic distance in metres; 0 when it contains the point."""

    area: ProducingArea
    distance_m: float
    is_inside: bool


def nearby_areas(
    longitude: float, latitude: float, *, within_m: float = WITHIN_M, limit: int = NEAREST
) -> list[NearbyArea]:
    """The producing areas that contain a point (WGS 84 degrees) or lie within `within_m`, nearest first."""
    found = []
    for area in areas_in_boxes(boxes_around(longitude, latitude, within_m)):
        distance_m, is_inside = distance_to(area, longitude, latitude)
        if distance_m <= within_m:
            found.append(NearbyArea(area, distance_m, is_inside))
    found.sort(key=lambda near: (near.distance_m, near.area.pk))
    return found[:limit]


def distance_to(area: ProducingArea, longitude: float, latitude: float) -> tuple[float, bool]:
    """Geodesic distance in metres from a point to an area, and whether the area contains the point."""
    geometry = shapely.from_wkb(bytes(area.geometry.wkb))
    if geometry.geom_type == "Point":
        return float(_WGS84.inv(longitude, latitude, geometry.x, geometry.y)[2]), False

    def to_plane(coordinates: np.ndarray) -> np.ndarray:
        count = len(coordinates)
        azimuth, _, distance_m = _WGS84.inv(
            np.full(count, longitude), np.full(count, latitude), coordinates[:, 0], coordinates[:, 1]
        )
        angle = np.radians(azimuth)
        return np.column_stack((distance_m * np.sin(angle), distance_m * np.cos(angle)))

    plane = shapely.transform(shapely.segmentize(geometry, _SEGMENT_DEGREES), to_plane)
    centre = shapely.Point(0.0, 0.0)
    if geometry.geom_type in {"Polygon", "MultiPolygon"} and shapely.intersects(plane, centre):
        return 0.0, True
    return float(shapely.distance(plane, centre)), False


def boxes_around(
    longitude: float, latitude: float, within_m: float
) -> list[tuple[float, float, float, float]]:
    """Boxes (west, south, east, north) that hold all within a distance; two across the antimeridian."""
    margin_latitude = within_m / _SHORTEST_DEGREE_M
    south, north = max(latitude - margin_latitude, -90.0), min(latitude + margin_latitude, 90.0)
    farthest = max(abs(south), abs(north))
    if farthest >= 89.0:
        return [(-180.0, south, 180.0, north)]
    margin_longitude = margin_latitude / cos(radians(farthest))
    west, east = longitude - margin_longitude, longitude + margin_longitude
    if west < -180.0:
        return [(-180.0, south, east, north), (west + 360.0, south, 180.0, north)]
    if east > 180.0:
        return [(west, south, 180.0, north), (-180.0, south, east - 360.0, north)]
    return [(west, south, east, north)]


def areas_in_boxes(boxes: list[tuple[float, float, float, float]]) -> Iterator[ProducingArea]:
    """The areas whose bounding boxes touch one of the boxes, by the spatial index, each once."""
    seen: set[int] = set()
    for box in boxes:
        for area in _areas_in_box(box):
            if area.pk not in seen:
                seen.add(area.pk)
                yield area


def _areas_in_box(box: tuple[float, float, float, float]) -> QuerySet[ProducingArea]:
    if settings.IS_SPATIALITE:
        # `bboverlaps` scans the table on SpatiaLite; the R*Tree beside it does not.
        west, south, east, north = box
        table = connection.ops.quote_name("idx_places_producingarea_geometry")
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT pkid FROM {table} WHERE xmax >= %s AND xmin <= %s AND ymax >= %s AND ymin <= %s",  # noqa: S608
                (west, east, south, north),
            )
            return ProducingArea.objects.filter(pk__in=[row[0] for row in cursor.fetchall()])
    west, south, east, north = box
    polygon = Polygon.from_bbox((west, south, east, north))
    polygon.srid = 4326
    return ProducingArea.objects.filter(geometry__bboverlaps=MultiPolygon(polygon, srid=4326))
