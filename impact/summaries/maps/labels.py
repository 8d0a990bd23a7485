"""Names on a print map: countries in spaced capitals, towns upright, producing areas slanted.

Each name of a point is tried around it in the order of Imhof (1975): right and above first.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from impact.places.basemap import country_name
from impact.publication.surroundings import KnownPlace
from impact.summaries.maps.areas import AreaCount
from impact.summaries.maps.basemap import layer
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.haloes import HALO, add_plain_copy
from impact.summaries.maps.palette import INK

_TOWNS_UNDER_M = 3_500_000.0
_AREAS_UNDER_M = 3_500_000.0
_MOST_AREAS = 12
_LEADING = 1.1
Corners = tuple[tuple[float, float], tuple[float, float]]
# Shares of the frame: the corner of its scale bar.
TAKEN_OF_INSET: tuple[Corners, ...] = (((0.0, 0.0), (0.4, 0.14)),)
_SIZES = (1.0, 0.8)  # of a country's name, where it is crowded
_SYMBOLS_FROM = 5  # the layer from which on nothing may be written over
_MARKS_FROM, _MARKS_TO = 4, 6  # layers of shapes that nothing may be written over either
_CLEARANCE = 1.0  # points between a name and what it keeps clear of
_DOT_CLEARANCE = 4.5  # points between a town's dot and another name: closer, it would seem to be the name's
_INSIDE = (0.95, 0.7, 0.45)  # shares of a country's name that lie in the country: tried in turn
_LINES = (18, 11)  # characters of a country's name before it is broken
_FARTHER = (0, 4, 7)  # points that a name steps back where there is something beside its point
_AROUND = ((1, 0.5), (1, 1), (1, 0), (0, 1), (0, 0), (-1, 0.5), (-1, 1), (-1, 0), (0.5, 1), (0.5, 0))


def draw_names(
    axes: Axes,
    extent: Extent,
    type_scale: float,
    areas: Sequence[AreaCount],
    towns: Sequence[KnownPlace],
    *,
    most_towns: int,
    taken: Sequence[Corners] = TAKEN_OF_INSET,
) -> None:
    """Countries, and towns and the areas that have incidents where a country or less is shown.

    A name that would cover another name, a symbol, a producing area or what is `taken` is left out: the scale
    bar, the arrow and insets, as shares of the frame.
    """
    placed = Placed(axes, np.vstack([_corners(axes, taken), _symbols(axes), _shapes(axes)]))
    _draw_countries(placed, extent, type_scale)
    seen = _towns(extent, towns, most_towns) if extent.width_m < _TOWNS_UNDER_M else []
    if extent.width_m < _AREAS_UNDER_M:
        placed.keep_free([(x, y) for x, y, _name in seen])
        for area in [area for area in areas if area.incidents][:_MOST_AREAS]:
            placed.beside(
                area.x, area.y, area.name, 5.5 * type_scale, colour="#5d4200", style="italic", away=5
            )
        placed.keep_free([])
    for x, y, name in seen:
        # A dot on a name or beside its end, or on the dot of a larger town, would be read as something else.
        if not placed.is_written_on(x, y) and placed.beside(x, y, name, 6.0 * type_scale, colour=INK, away=2):
            placed.add(_boxes(axes, axes.scatter([x], [y], s=3.5, c=INK, zorder=5)))


def _draw_countries(placed: "Placed", extent: Extent, type_scale: float) -> None:
    window = shapely.box(*extent.window).buffer(-extent.width_m * 0.03)
    for _index, row in layer("countries").iterrows():
        shape = shapely.clip_by_rect(row.geometry, *extent.clip_box)
        if shape.is_empty or not row["iso_a2"]:
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        if largest.area <= (extent.width_m / 111_000 / 22) ** 2:
            continue
        seen = shapely.make_valid(shapely.transform(largest, extent.on_plane)).intersection(window)
        if seen.area < (extent.width_m / 16) ** 2:
            continue
        name = country_name(row["iso_a2"]).upper()
        part = max(shapely.get_parts(seen), key=lambda part: part.area).simplify(extent.width_m / 400)
        for inside, size, line in product(_INSIDE, _SIZES, _LINES):
            broken = textwrap.fill(name, line, break_long_words=False)
            if placed.within(part, broken, 6.5 * type_scale * size, colour="#57524a", inside=inside):
                break


def _spots(shape: Any) -> list[tuple[float, float]]:
    """Points within a shape, the most inner first: where its name may stand."""
    left, bottom, right, top = shape.bounds
    x, y = np.meshgrid(np.linspace(left, right, 15), np.linspace(bottom, top, 15))
    points = shapely.points(x.ravel(), y.ravel())
    points = points[shapely.contains(shape, points)]
    if not len(points):
        points = np.array([shape.representative_point()])
    depth = shapely.distance(points, shape.boundary)
    middle = shapely.distance(points, shape.centroid)
    ordered = points[np.argsort(middle - depth, kind="stable")]
    return [(float(point.x), float(point.y)) for point in ordered]


def _towns(extent: Extent, towns: Sequence[KnownPlace], most: int) -> list[tuple[float, float, str]]:
    """The largest of a window; `towns` has the largest first."""
    placed = ((*extent.project(place.longitude, place.latitude), place.name) for place in towns)
    return list(islice((town for town in placed if extent.holds(town[0], town[1])), most))


def _corners(axes: Axes, taken: Sequence[Corners]) -> NDArray[np.float64]:
    """Shares of the frame as boxes in pixels."""
    return np.vstack([axes.transAxes.transform(corners).reshape(1, 4) for corners in taken])


def _symbols(axes: Axes) -> NDArray[np.float64]:
    """The boxes of the symbols drawn so far, in pixels."""
    boxes = [np.empty((0, 4))]
    for collection in axes.collections:
        if isinstance(collection, PathCollection) and collection.get_zorder() >= _SYMBOLS_FROM:
            boxes.append(_boxes(axes, collection))
    return np.vstack(boxes)


def _boxes(axes: Axes, symbols: PathCollection) -> NDArray[np.float64]:
    """Of symbols alike, each as wide as its own shape: a diamond stands on its corner."""
    pixels = axes.get_figure().dpi / 72  # type: ignore[union-attr]
    across = float(symbols.get_sizes()[0] ** 0.5 * pixels)
    edge = float(np.max(symbols.get_linewidth())) * pixels / 2
    low, high = np.asarray(symbols.get_paths()[0].get_extents().get_points())
    middles = np.asarray(axes.transData.transform(symbols.get_offsets()))
    return np.hstack([middles + low * across - edge, middles + high * across + edge])


def _shapes(axes: Axes) -> NDArray[np.float64]:
    """The boxes of producing areas and hexagons, in pixels."""
    boxes = [np.empty((0, 4))]
    for collection in axes.collections:
        is_shape = not isinstance(collection, PathCollection)
        if is_shape and _MARKS_FROM <= collection.get_zorder() <= _MARKS_TO:
            for path in collection.get_paths():
                corners = np.asarray(axes.transData.transform(path.vertices))
                boxes.append(np.hstack([corners.min(axis=0), corners.max(axis=0)]).reshape(1, 4))
    return np.vstack(boxes)


@dataclass
class Placed:
    """Names on the map so far, and all that none may cover, in the picture's pixels."""

    axes: Axes
    boxes: NDArray[np.float64]  # a row each: left, bottom, right, top
    written: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))  # of them, names and dots
    free: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 4)))  # for what comes later

    def beside(
        self, x: float, y: float, name: str, size: float, *, colour: str, away: float, style: str = "normal"
    ) -> bool:
        """Write a name beside a point, `away` points (1/72 in) from it or more; whether there was room."""
        text, width, height = self._text(name, size, colour, style)
        at_x, at_y = self.axes.transData.transform((x, y))
        for farther, (right, up) in product(_FARTHER, _AROUND):
            gap = (away + farther) * self._pixels
            left = {1: at_x + gap, 0: at_x - width / 2, 0.5: at_x, -1: at_x - gap - width}[right]
            bottom = {1: at_y + gap / 2, 0.5: at_y - height / 2, 0: at_y - gap / 2 - height}[up]
            if right in {0, 0.5}:
                bottom = at_y + gap if up else at_y - gap - height
            if self._take(text, left, bottom, width, height):
                return True
        text.remove()
        return False

    def within(self, shape: Any, name: str, size: float, *, colour: str, inside: float) -> bool:
        """Write a name, letters spaced, where there is room and a share of it, `inside`, lies in a shape of
        the plane."""
        text, width, height = self._text(name, size, colour, "normal", is_spaced=True)
        to_plane = self.axes.transData.inverted()
        (x0, y0), (x1, y1) = to_plane.transform([(0, 0), (width, height)])
        half_x, half_y = (x1 - x0) / 2, (y1 - y0) / 2
        for x, y in _spots(shape):
            box = shapely.box(x - half_x, y - half_y, x + half_x, y + half_y)
            at_x, at_y = self.axes.transData.transform((x, y))
            if box.intersection(shape).area >= inside * box.area and self._take(
                text, at_x - width / 2, at_y - height / 2, width, height
            ):
                return True
        text.remove()
        return False

    def keep_free(self, points: Sequence[tuple[float, float]]) -> None:
        """Let the names that follow leave room for the dots of these."""
        self.free = np.array([self._dot(x, y).extents for x, y in points]).reshape(-1, 4)

    def is_written_on(self, x: float, y: float) -> bool:
        """Whether a name or a dot is where the dot of a point would be, or as good as there."""
        return _covers(self._dot(x, y), self.written)

    def _dot(self, x: float, y: float) -> Bbox:
        at_x, at_y = self.axes.transData.transform((x, y))
        return Bbox.from_bounds(at_x, at_y, 0, 0).padded(_DOT_CLEARANCE * self._pixels)

    def add(self, boxes: NDArray[np.float64]) -> None:
        """Let nothing later cover a name or a dot."""
        self.boxes, self.written = np.vstack([self.boxes, boxes]), np.vstack([self.written, boxes])

    @property
    def _pixels(self) -> float:
        return float(self.axes.get_figure().dpi / 72)  # type: ignore[union-attr]

    def _text(
        self, name: str, size: float, colour: str, style: str, *, is_spaced: bool = False
    ) -> tuple[Any, float, float]:
        text = self.axes.text(
            0,
            0,
            "\u200a".join(name) if is_spaced else name,
            fontsize=size,
            fontstyle=style,
            color=colour,
            ha="center",
            va="center",
            linespacing=_LEADING,
            zorder=6,  # beneath the incidents: a name may lose a letter, a death may not
            clip_on=True,
            path_effects=HALO,
        )
        box = text.get_window_extent(self.axes.get_figure().canvas.get_renderer())  # type: ignore[union-attr]
        return text, box.width, box.height

    def _take(self, text: Any, left: float, bottom: float, width: float, height: float) -> bool:
        box = Bbox.from_bounds(left, bottom, width, height)
        frame = self.axes.get_window_extent()
        is_inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        wide = box.padded(_CLEARANCE * self._pixels)
        if not is_inside or _covers(wide, self.boxes) or _covers(box, self.free):
            return False
        middle = (left + width / 2, bottom + height / 2)
        text.set_position(self.axes.transData.inverted().transform(middle))
        add_plain_copy(self.axes, text, leading=_LEADING)
        self.add(np.array([box.extents]))
        return True


def _covers(box: Bbox, taken: NDArray[np.float64]) -> bool:
    """Whether a box has a pixel in common with one that is taken."""
    x0, y0, x1, y1 = taken.T
    return bool(((x0 <= box.x1) & (x1 >= box.x0) & (y0 <= box.y1) & (y1 >= box.y0)).any())
