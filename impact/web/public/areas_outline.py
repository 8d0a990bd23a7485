"""All producing areas that a search finds, drawn on the server: a mark for each cell and kind."""

from collections import Counter
from dataclasses import dataclass
from math import ceil, floor, sqrt

from django.db.models import QuerySet

from impact.places.models import ProducingArea
from impact.web.public.outline import outline_land

_MARGIN, _MARGIN_SHARE = 2.0, 0.08
_LEAST_WIDE, _LEAST_HIGH = 12.0, 8.0


@dataclass(frozen=True, slots=True)
class AreaMark:
    x: float
    y: float
    size: float
    kind: str
    count: int


@dataclass(frozen=True, slots=True)
class AreasOutline:
    """An SVG's view box in degrees (north up), the countries' path, and the marks."""

    view_box: str
    land: str
    marks: tuple[AreaMark, ...]
    unit: float  # how much of the drawing a thing of size one takes


def areas_outline(areas: QuerySet[ProducingArea]) -> AreasOutline | None:
    """The areas, no more than one mark a cell and kind; None where there are none."""
    points = [
        (inside.x, inside.y, kind)
        for geometry, kind in areas.order_by().values_list("geometry", "kind")
        if (inside := geometry.point_on_surface)
    ]
    if not points:
        return None
    west, east = min(x for x, _, _ in points), max(x for x, _, _ in points)
    south, north = min(y for _, y, _ in points), max(y for _, y, _ in points)
    margin = max(_MARGIN, (east - west) * _MARGIN_SHARE)
    wide = max(east - west + 2 * margin, _LEAST_WIDE)
    high = max(north - south + 2 * margin, _LEAST_HIGH)
    left, top = (west + east - wide) / 2, (south + north + high) / 2
    unit = max(wide / 100, high / 80)
    cells: Counter[tuple[int, int, str]] = Counter(
        (floor(x / unit / 2), floor(y / unit / 2), kind) for x, y, kind in points
    )
    marks = tuple(
        AreaMark(
            x=round((column + 0.5) * unit * 2, 3),
            y=round(-(row + 0.5) * unit * 2, 3),
            size=round(unit * min(0.7 + 0.25 * sqrt(count), 2), 3),
            kind=kind,
            count=count,
        )
        for (column, row, kind), count in sorted(cells.items())
    )
    box = f"{left:.2f} {-top:.2f} {wide:.2f} {high:.2f}"
    # In whole degrees: what is out of sight is not sent, and the same frame is drawn once.
    frame = (floor(left), floor(top - high), ceil(left + wide), ceil(top))
    return AreasOutline(box, outline_land(frame), marks, round(unit, 4))
