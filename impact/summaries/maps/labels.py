"""Names on a print map: countries in spaced capitals, towns upright, producing areas slanted.

Each name of a point is tried around it in the order of Imhof (1975): right and above first.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import get_language
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from impact.places.basemap import COUNTRY_NAMES, country_name
from impact.publication.surroundings import KnownPlace
from impact.summaries.maps.areas import AreaCount
from impact.summaries.maps.basemap import layer
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.haloes import HALO, add_plain_copy
from impact.summaries.maps.palette import INK

_TOWNS_UNDER_M = 3_500_000.0
_AREAS_UNDER_M = 3_500_000.0
_MOST_TOWNS = 16
_MOST_AREAS = 12
_LEADING = 1.1
_TAKEN = (((0.0, 0.0), (0.27, 0.075)), ((0.93, 0.87), (1.0, 1.0)))  # shares of the frame
_SYMBOLS_FROM = 5  # the layer from which on nothing may be written over
_INSIDE = (0.95, 0.7, 0.45)  # how much of a country's name lies in the country, tried in turn
_LINE = 18  # characters of a country's name before it is broken
_AROUND = ((1, 0.5), (1, 1), (1, 0), (0, 1), (0, 0), (-1, 0.5), (-1, 1), (-1, 0), (0.5, 1), (0.5, 0))


def draw_names(
    axes: Axes,
    extent: Extent,
    type_scale: float,
    areas: Sequence[AreaCount],
    towns: Sequence[KnownPlace],
) -> None:
    """Countries, and towns and the areas that have incidents where a country or less is shown.

    A name that would cover another name or a symbol is left out.
    """
    placed = Placed(axes, _symbols(axes))
    _draw_countries(placed, extent, type_scale)
    if extent.width_m < _AREAS_UNDER_M:
        for area in [area for area in areas if area.incidents][:_MOST_AREAS]:
            placed.beside(
                area.x, area.y, area.name, 5.5 * type_scale, colour="#5d4200", style="italic", away=5
            )
    if extent.width_m < _TOWNS_UNDER_M:
        for x, y, name in _towns(extent, towns):
            if placed.beside(x, y, name, 6.0 * type_scale, colour=INK, away=2):
                axes.scatter([x], [y], s=3.5, c=INK, zorder=5)


def _draw_countries(placed: "Placed", extent: Extent, type_scale: float) -> None:
    window = shapely.box(*extent.window).buffer(-extent.width_m * 0.03)
    for _index, row in layer("countries").iterrows():
        shape = shapely.clip_by_rect(row.geometry, *extent.clip_box)
        if shape.is_empty or not _has_name(row["iso_a2"]):
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        if largest.area <= (extent.width_m / 111_000 / 22) ** 2:
            continue
        seen = shapely.make_valid(shapely.transform(largest, extent.on_plane)).intersection(window)
        if seen.area < (extent.width_m / 16) ** 2:
            continue
        name = textwrap.fill(country_name(row["iso_a2"]).upper(), _LINE, break_long_words=False)
        part = max(shapely.get_parts(seen), key=lambda part: part.area).simplify(extent.width_m / 400)
        placed.within(part, name, 6.5 * type_scale, colour="#57524a")


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


def _has_name(code: str) -> bool:
    """Whether a country's name is known in the language of the map; beyond the catalogue only in English."""
    return bool(code) and (code in COUNTRY_NAMES or (get_language() or "").startswith("en"))


def _towns(extent: Extent, towns: Sequence[KnownPlace]) -> Iterable[tuple[float, float, str]]:
    """The largest of a window; `towns` has the largest first."""
    found = 0
    for place in towns:
        x, y = extent.project(place.longitude, place.latitude)
        if extent.holds(x, y):
            found += 1
            yield x, y, place.name
        if found == _MOST_TOWNS:
            return


def _symbols(axes: Axes) -> NDArray[np.float64]:
    """The boxes of the symbols drawn so far, in pixels, and the corners of the scale bar and the arrow."""
    figure = axes.get_figure()
    boxes = [axes.transAxes.transform(corners).reshape(1, 4) for corners in _TAKEN]
    for collection in axes.collections:
        if isinstance(collection, PathCollection) and collection.get_zorder() >= _SYMBOLS_FROM:
            across = float(collection.get_sizes()[0] ** 0.5 * figure.dpi / 72)  # type: ignore[union-attr]
            middles = np.asarray(axes.transData.transform(collection.get_offsets()))
            boxes.append(np.hstack([middles - across / 2, middles + across / 2]))
    return np.vstack(boxes)


@dataclass
class Placed:
    """Names on the map so far, and all that none may cover, in the picture's pixels."""

    axes: Axes
    boxes: NDArray[np.float64]  # a row each: left, bottom, right, top

    def beside(
        self, x: float, y: float, name: str, size: float, *, colour: str, away: float, style: str = "normal"
    ) -> bool:
        """Write a name beside a point, `away` points (1/72 in) from it; whether there was room."""
        text, width, height = self._text(name, size, colour, style)
        at_x, at_y = self.axes.transData.transform((x, y))
        gap = away * self._pixels
        for right, up in _AROUND:
            left = {1: at_x + gap, 0: at_x - width / 2, 0.5: at_x, -1: at_x - gap - width}[right]
            bottom = {1: at_y + gap / 2, 0.5: at_y - height / 2, 0: at_y - gap / 2 - height}[up]
            if right in {0, 0.5}:
                bottom = at_y + gap if up else at_y - gap - height
            if self._take(text, left, bottom, width, height):
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
        for least in _INSIDE:
            for inside, x, y in spots:
                at_x, at_y = self.axes.transData.transform((x, y))
                if inside >= least * whole and self._take(
                    text, at_x - width / 2, at_y - height / 2, width, height
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

    def _take(self, text: Any, left: float, bottom: float, width: float, height: float) -> bool:
        box = Bbox.from_bounds(left, bottom, width, height)
        frame = self.axes.get_window_extent()
        is_inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        if not is_inside or self._covers(box):
            return False
        middle = (left + width / 2, bottom + height / 2)
        text.set_position(self.axes.transData.inverted().transform(middle))
        add_plain_copy(self.axes, text, leading=_LEADING)
        self.boxes = np.vstack([self.boxes, box.extents])
        return True

    def _covers(self, box: Bbox) -> bool:
        """Whether a box has a pixel in common with one that is taken."""
        x0, y0, x1, y1 = self.boxes.T
        return bool(((x0 <= box.x1) & (x1 >= box.x0) & (y0 <= box.y1) & (y1 >= box.y0)).any())
