"""Boxes in degrees that hold all within a distance: what a database's spatial index is asked for."""

import numpy as np
import shapely

from impact.places.boxes import Box
from impact.places.nearness.measuring import AreaShape
from impact.places.nearness.reach_grid import SHORTEST_DEGREE_M


def boxes_around(longitude: float, latitude: float, within_m: float) -> list[Box]:
    """Boxes (west, south, east, north) that hold all within a distance of a point, in WGS 84 degrees.

    Two where they meet at the antimeridian.
    """
    return _boxes((longitude, latitude, longitude, latitude), within_m)


def bounds_in_reach(shape: AreaShape) -> list[Box]:
    """Boxes that hold all within reach of an area; two where they meet at the antimeridian."""
    west, south, east, north = (float(bound) for bound in shapely.bounds(shape.geometry))
    return _boxes((west, south, east, north), shape.reach_m)


def _boxes(bounds: Box, within_m: float) -> list[Box]:
    west, south, east, north = bounds
    margin = within_m / SHORTEST_DEGREE_M
    south, north = max(south - margin, -90.0), min(north + margin, 90.0)
    farthest = max(abs(south), abs(north))
    if farthest >= 89.0:
        return [(-180.0, south, 180.0, north)]
    wide = margin / float(np.cos(np.radians(farthest)))
    west, east = west - wide, east + wide
    boxes = [(max(west, -180.0), south, min(east, 180.0), north)]
    if west < -180.0:
        boxes.append((west + 360.0, south, 180.0, north))
    if east > 180.0:
        boxes.append((-180.0, south, east - 360.0, north))
    return boxes
