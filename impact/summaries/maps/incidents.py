"""Incidents on a print map: symbols by theme in proportion to the count, or hexagons shaded by it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import cos, pi, sin, sqrt

import geopandas
import h3
import numpy as np
import pandas
import shapely
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray

from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.palette import INK, THEME_MARKS, shade

BINS, INSET_BINS = 34, 12  # squares across a frame; incidents of one square are drawn together
_AREA, _LEAST_AREA = 16.0, 12.0  # square points for an incident, and of the smallest symbol
_WIDEST_SQUARES = 1.5  # no symbol is wider than so many squares
_EXAMPLE_AREA = 500.0  # of the largest symbol of a legend, about
_ROUND = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_HEXAGONS = 26.0  # about as many across a frame
_FINEST_HEXAGON = 6  # never finer than what is published


def spots_frame(records: Sequence[PublishedRecord]) -> geopandas.GeoDataFrame:
    """Where there are incidents: each masked point with `theme` and `count`, in EPSG:4326.

    Points are the middles of hexagons, so a hundred thousand incidents are some thousand spots.
    """
    counts = Counter(
        (record["lon"], record["lat"], record["theme"]) for record in records if record["lon"] is not None
    )
    spots = sorted(counts)
    points = geopandas.GeoSeries.from_xy(
        np.array([longitude for longitude, _latitude, _theme in spots], dtype=float),
        np.array([latitude for _longitude, latitude, _theme in spots], dtype=float),
        crs="EPSG:4326",
    )
    columns = {
        "theme": pandas.Series([theme for *_point, theme in spots], dtype="object"),
        "count": pandas.Series([counts[spot] for spot in spots], dtype="int64"),
    }
    return geopandas.GeoDataFrame(columns, geometry=points)


@dataclass(frozen=True, slots=True)
class Square:
    """What is drawn together: the middle of its incidents in metres, and how many there are of each theme."""

    x: float
    y: float
    by_theme: Counter[str]


def squares(extent: Extent, frame: geopandas.GeoDataFrame, bins: int) -> list[Square]:
    """The spots of a window by the squares that they lie in, `bins` across."""
    seen = extent.within(frame)
    size_m = extent.width_m / bins
    x, y = seen.geometry.x.to_numpy(), seen.geometry.y.to_numpy()
    found: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    sums: dict[tuple[int, int], NDArray[np.float64]] = defaultdict(lambda: np.zeros(2))
    columns, rows = (x / size_m).round().astype(int).tolist(), (y / size_m).round().astype(int).tolist()
    for place, theme, count, spot in zip(
        zip(columns, rows, strict=True),
        seen["theme"],
        seen["count"].tolist(),
        np.column_stack([x, y]),
        strict=True,
    ):
        found[place][theme] += count
        sums[place] += count * spot
    return [
        Square(float(sums[place][0] / themes.total()), float(sums[place][1] / themes.total()), themes)
        for place, themes in found.items()
    ]


@dataclass(frozen=True, slots=True)
class SymbolScale:
    """A symbol's area in square points for each incident, so its width goes with the square root.

    What would be too small to see has the least size. Where there are many, all are made smaller together.
    """

    area: float = _AREA

    def size(self, count: int) -> float:
        return max(_LEAST_AREA, self.area * count)

    @property
    def smallest(self) -> int:
        """Up to so many incidents have the least size."""
        return max(1, int(_LEAST_AREA / self.area))

    @property
    def examples(self) -> tuple[int, int, int]:
        """Round counts for a legend: a small symbol, a middling and one of the largest."""
        largest = next((count for count in _ROUND if self.area * count >= _EXAMPLE_AREA), _ROUND[-1])
        return max(1, largest // 50), max(2, largest // 5), largest


def symbol_scale(most: int, square_points: float) -> SymbolScale:
    """The scale of a sheet on which `most` incidents of a theme are drawn together in a square so wide."""
    widest = (_WIDEST_SQUARES * square_points) ** 2
    return SymbolScale(min(_AREA, widest / max(most, 1)))


def draw_points(axes: Axes, drawn: Sequence[Square], unit_m: float, scale: SymbolScale) -> None:
    """Symbols by theme, their area in proportion to the count. `unit_m`: a point (1/72 in) in metres."""
    marks = []
    for square in drawn:
        ordered = sorted(square.by_theme.items(), key=lambda item: (-item[1], item[0]))
        for index, (theme, count) in enumerate(ordered):
            # Themes of one spot stand around it, so that none hides another.
            away = 0.0 if len(ordered) == 1 else 0.55 * sqrt(scale.size(ordered[0][1])) * unit_m
            angle = pi / 2 + 2 * pi * index / len(ordered)
            marks.append((count, theme, square.x + away * cos(angle), square.y + away * sin(angle)))
    # The largest first, so that none hides a smaller; those of one kind and size are one layer.
    for (count, theme), alike in groupby(sorted(marks, reverse=True), key=lambda mark: (mark[0], mark[1])):
        spots = np.array([(x, y) for _count, _theme, x, y in alike])
        draw_symbols(axes, spots[:, 0], spots[:, 1], theme, scale.size(count))


def draw_symbols(axes: Axes, x: ArrayLike, y: ArrayLike, theme: str, size: float) -> None:
    """A theme's marks, each `size` square points large, in the axes' own units."""
    marker, colour = THEME_MARKS[theme]
    axes.scatter(x, y, s=size, marker=marker, c=colour, edgecolors="#ffffff", linewidths=0.6, zorder=7)


def hexagon_counts(frame: geopandas.GeoDataFrame, extent: Extent) -> geopandas.GeoDataFrame:
    """Incidents by H3 cell, of a size that reads at this extent: `count`, and the cell in EPSG:4326."""
    resolution = hexagon_resolution(extent)
    by_cell: Counter[str] = Counter()
    for longitude, latitude, count in zip(
        frame.geometry.x, frame.geometry.y, frame["count"].tolist(), strict=True
    ):
        by_cell[h3.latlng_to_cell(latitude, longitude, resolution)] += count
    cells = sorted(by_cell)
    shapes = [shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in cells]
    counts = pandas.Series([by_cell[cell] for cell in cells], dtype="int64")
    return geopandas.GeoDataFrame({"count": counts}, geometry=shapes, crs="EPSG:4326")


def hexagon_resolution(extent: Extent) -> int:
    """The coarsest H3 resolution that still has enough cells across the window."""
    for resolution in range(_FINEST_HEXAGON + 1):
        if extent.width_m / (2 * h3.average_hexagon_edge_length(resolution, unit="m")) >= _HEXAGONS:
            return resolution
    return _FINEST_HEXAGON


def draw_hexagons(
    axes: Axes, hexagons: geopandas.GeoDataFrame, extent: Extent, starts: Sequence[int]
) -> None:
    """Cells on the plane, as dark as their count."""
    for count, group in hexagons.to_crs(extent.crs).groupby("count", sort=True):
        group.plot(
            ax=axes, facecolor=shade(count, starts), edgecolor=INK, linewidth=0.25, alpha=0.92, zorder=5
        )
