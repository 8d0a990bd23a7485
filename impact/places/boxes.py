"""Boxes in degrees (west, south, east, north; WGS 84): west is greater than east across the antimeridian."""

from django.contrib.gis.geos import Polygon
from django.db.models import Q

Box = tuple[float, float, float, float]


def split_box(box: Box) -> list[Box]:
    """The box, or its two halves where it crosses the antimeridian."""
    west, south, east, north = box
    if west <= east:
        return [box]
    return [(west, south, 180.0, north), (-180.0, south, east, north)]


def areas_touching(box: Box) -> Q:
    """The producing areas whose own bounding box shares a point with a box."""
    touched = Q()
    for half in split_box(box):
        touched |= Q(geometry__bboverlaps=Polygon.from_bbox(half))
    return touched
