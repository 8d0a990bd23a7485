"""Names on a print map: countries in spaced capitals, towns upright, producing areas slanted.

Each name of a point is tried around it in the order of Imhof (1975): right and above first.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
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
# Shares of the frame: the scale bar's corner, and the arrow's.
_TAKEN = (((0.0, 0.0), (0.27, 0.075)), ((0.93, 0.87), (1.0, 1.0)))
_TAKEN_OF_INSET = (((0.0, 0.0), (0.4, 0.14)),)
_SIZES = (1.0, 0.8)  # of a country's name, where it is crowded
_SYMBOLS_FROM = 5  # the layer from which on nothing may be written over
_MARKS_FROM, _MARKS_TO = 4, 6  # layers that names keep clear of where they can
# How much of a country's name lies in the country, and whether it keeps clear of marks: tried in turn.
_INSIDE = ((0.95, True), (0.7, True), (0.95, False), (0.7, False), (0.45, True), (0.45, False))
_LINE = 18  # characters of a country's name before it is broken
_AROUND = ((1, 0.5), (1, 1), (1, 0), (0, 1), (0, 0), (-1, 0.5), (-1, 1), (-1, 0), (0.5, 1), (0.5, 0))


def draw_names(
    axes: Axes,
    extent: Extent,
    type_scale: float,
    areas: Sequence[AreaCount],
    towns: Sequence[KnownPlace],
    *,
    most_towns: int,
    is_inset: bool,
) -> None:
    """Countries, and towns and the areas that have incidents where a country or less is shown.

    A name that would cover another name or a symbol is left out.
    """
    taken = _TAKEN_OF_INSET if is_inset else _TAKEN
    placed = Placed(axes, _symbols(axes, taken), _marks(axes))
    _draw_countries(placed, extent, type_scale)
    if extent.width_m < _AREAS_UNDER_M:
        for area in [area for area in areas if area.incidents][:_MOST_AREAS]:
            placed.beside(
                area.x, area.y, area.name, 5.5 * type_scale, colour="#5d4200", style="italic", away=5
            )
    if extent.width_m < _TOWNS_UNDER_M:
        for x, y, name in _towns(extent, towns, most_towns):
            if placed.beside(x, y, name, 6.0 * type_scale, colour=INK, away=2):
                axes.scatter([x], [y], s=3.5, c=INK, zorder=5)


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
        name = textwrap.fill(country_name(row["iso_a2"]).upper(), _LINE, break_long_words=False)
        part = max(shapely.get_parts(seen), key=lambda part: part.area).simplify(extent.width_m / 400)
        for size in _SIZES:
            if placed.within(part, name, 6.5 * type_scale * size, colour="#57524a"):
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


def _towns(extent: Extent, towns: Sequence[KnownPlace], most: int) -> Iterable[tuple[float, float, str]]:
    """The largest of a window; `towns` has the largest first."""
    found = 0
    for place in towns:
        x, y = extent.project(place.longitude, place.latitude)
        if extent.holds(x, y):
            found += 1
            yield x, y, place.name
        if found == most:
            return


def _symbols(
    axes: Axes, taken: Sequence[tuple[tuple[float, float], tuple[float, float]]]
) -> NDArray[np.float64]:
    """The boxes of the symbols drawn so far, in pixels, and the corners that are taken."""
    figure = axes.get_figure()
    boxes = [axes.transAxes.transform(corners).reshape(1, 4) for corners in taken]
    for collection in axes.collections:
        if isinstance(collection, PathCollection) and collection.get_zorder() >= _SYMBOLS_FROM:
            across = float(collection.get_sizes()[0] ** 0.5 * figure.dpi / 72)  # type: ignore[union-attr]
            middles = np.asarray(axes.transData.transform(collection.get_offsets()))
            boxes.append(np.hstack([middles - across / 2, middles + across / 2]))
    return np.vstack(boxes)


def _marks(axes: Axes) -> NDArray[np.float64]:
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
    marks: NDArray[np.float64]  # what none should cover while there is another place

    def beside(
        self, x: float, y: float, name: str, size: float, *, colour: str, away: float, style: str = "normal"
    ) -> bool:
        """Write a name beside a point, `away` points (1/72 in) from it; whether there was room."""
        text, width, height = self._text(name, size, colour, style)
        at_x, at_y = self.axes.transData.transform((x, y))
        gap = away * self._pixels
        for is_clear, (right, up) in product((True, False), _AROUND):
            left = {1: at_x + gap, 0: at_x - width / 2, 0.5: at_x, -1: at_x - gap - width}[right]
            bottom = {1: at_y + gap / 2, 0.5: at_y - height / 2, 0: at_y - gap / 2 - height}[up]
            if right in {0, 0.5}:
                bottom = at_y + gap if up else at_y - gap - height
            if self._take(text, left, bottom, width, height, is_clear=is_clear):
                return True
        text.remove()
        return False

    def within(self, shape: Any, name: str, size: float, *, colour: str) -> bool:
        """Write a name, letters spaced, where most of it lies in a shape of the plane and there is room."""
        text, width, height = self._text(name, size, colour, "normal", is_spaced=True)
        to_plane = self.axes.transData.inverted()
        (x0, y0), (x1, y1) = to_plane.transform([(0, 0), (width, height)])
        half_x, half_y = (x1 - x0) / 2, (y1 - y0) / 2
        spots = [
            (shapely.box(x - half_x, y - half_y, x + half_x, y + half_y).intersection(shape).area, x, y)
            for x, y in _spots(shape)
        ]
        whole = 4 * half_x * half_y
        for least, is_clear in _INSIDE:
            for inside, x, y in spots:
                at_x, at_y = self.axes.transData.transform((x, y))
                if inside >= least * whole and self._take(
                    text, at_x - width / 2, at_y - height / 2, width, height, is_clear=is_clear
                ):
                    return True
        text.remove()
        return False

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

    def _take(
        self, text: Any, left: float, bottom: float, width: float, height: float, *, is_clear: bool
    ) -> bool:
        box = Bbox.from_bounds(left, bottom, width, height)
        frame = self.axes.get_window_extent()
        is_inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        if not is_inside or _covers(box, self.boxes) or (is_clear and _covers(box, self.marks)):
            return False
        middle = (left + width / 2, bottom + height / 2)
        text.set_position(self.axes.transData.inverted().transform(middle))
        add_plain_copy(self.axes, text, leading=_LEADING)
        self.boxes = np.vstack([self.boxes, box.extents])
        return True


def _covers(box: Bbox, taken: NDArray[np.float64]) -> bool:
    """Whether a box has a pixel in common with one that is taken."""
    x0, y0, x1, y1 = taken.T
    return bool(((x0 <= box.x1) & (x1 >= box.x0) & (y0 <= box.y1) & (y1 >= box.y0)).any())
