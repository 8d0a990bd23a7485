"""Incidents on a print map: symbols by theme in proportion to the count, or hexagons shaded by it."""

from collections.abc import Sequence
from itertools import groupby
from math import cos, pi, sin, sqrt

import geopandas
import h3
import numpy as np
import pandas
import shapely
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.palette import INK, THEME_MARKS, shade

BINS = 34  # squares across a frame; incidents of one square are drawn together
_HEXAGONS = 26.0  # about as many across a frame
_FINEST_HEXAGON = 6  # never finer than what is published


def records_frame(records: Sequence[PublishedRecord]) -> geopandas.GeoDataFrame:
    """The incidents that have a place: theme and masked point, in EPSG:4326."""
    placed = [
        (record["theme"], record["lon"], record["lat"]) for record in records if record["lon"] is not None
    ]
    themes, longitudes, latitudes = zip(*placed, strict=True) if placed else ((), (), ())
    points = geopandas.GeoSeries.from_xy(
        np.array(longitudes, dtype=float), np.array(latitudes, dtype=float), crs="EPSG:4326"
    )
    return geopandas.GeoDataFrame({"theme": list(themes)}, geometry=points)


def draw_points(axes: Axes, extent: Extent, frame: geopandas.GeoDataFrame, unit_m: float) -> None:
    """Symbols by theme, their area in proportion to the count. `unit_m`: a point (1/72 in) in metres."""
    seen = extent.within(frame)
    if seen.empty:
        return
    bin_m = extent.width_m / BINS
    x, y = seen.geometry.x, seen.geometry.y
    binned = seen.assign(x=x, y=y, column=(x / bin_m).round(), row=(y / bin_m).round())
    marks = []
    for _square, square in binned.groupby(["column", "row"], sort=True):
        middle_x, middle_y = square["x"].mean(), square["y"].mean()
        counts = square["theme"].value_counts()
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for index, (theme, count) in enumerate(ordered):
            # Themes of one spot stand around it, so that none hides another.
            away = 0.0 if len(ordered) == 1 else 0.55 * sqrt(symbol_size(ordered[0][1])) * unit_m
            angle = pi / 2 + 2 * pi * index / len(ordered)
            marks.append((count, theme, middle_x + away * cos(angle), middle_y + away * sin(angle)))
    # The largest first, so that none hides a smaller; those of one kind and size are one layer.
    for (count, theme), alike in groupby(sorted(marks, reverse=True), key=lambda mark: (mark[0], mark[1])):
        spots = np.array([(x, y) for _count, _theme, x, y in alike])
        draw_symbols(axes, spots[:, 0], spots[:, 1], theme, symbol_size(count))


def draw_symbols(axes: Axes, x: ArrayLike, y: ArrayLike, theme: str, size: float) -> None:
    """A theme's marks, each `size` square points large, in the axes' own units."""
    marker, colour = THEME_MARKS[theme]
    axes.scatter(x, y, s=size, marker=marker, c=colour, edgecolors="#ffffff", linewidths=0.6, zorder=7)


def symbol_size(count: int) -> float:
    """A symbol's area in square points: in step with the count, so its width goes with the square root."""
    return 16.0 + 9.0 * count


def hexagon_counts(frame: geopandas.GeoDataFrame, extent: Extent) -> geopandas.GeoDataFrame:
    """Incidents by H3 cell, of a size that reads at this extent: `count`, and the cell in EPSG:4326."""
    resolution = hexagon_resolution(extent)
    cells = [
        h3.latlng_to_cell(latitude, longitude, resolution)
        for longitude, latitude in zip(frame.geometry.x, frame.geometry.y, strict=True)
    ]
    counts = pandas.Series(cells, dtype="object").value_counts().sort_index()
    shapes = [
        shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]) for cell in counts.index
    ]
    return geopandas.GeoDataFrame({"count": counts.to_numpy()}, geometry=shapes, crs="EPSG:4326")


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
