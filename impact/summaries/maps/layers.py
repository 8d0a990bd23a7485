"""What is drawn in the frame: land, borders, waters, producing areas, incidents, names."""

import json
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from math import cos, pi, sin, sqrt
from typing import Any

import geopandas
import numpy as np
import shapely
from django.utils.translation import get_language
from matplotlib import patheffects
from matplotlib.axes import Axes

from impact.places.basemap import COUNTRY_NAMES, DATA, country_name
from impact.places.models import Place, ProducingArea
from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.vocabulary import AreaKind, Theme

THEME_MARKS: dict[str, tuple[str, str]] = {
    Theme.VIOLENCE: ("o", "#D55E00"),
    Theme.LABOUR: ("s", "#0072B2"),
    Theme.ENVIRONMENT: ("^", "#009E73"),
    Theme.CONFLICT_FINANCE: ("D", "#CC79A7"),
    Theme.OTHER: ("P", "#767676"),
}
AREA_STYLES: dict[str, dict[str, Any]] = {
    AreaKind.ARTISANAL: {"facecolor": "#f6e2a8", "edgecolor": "#9a6d00", "hatch": "////"},
    AreaKind.INDUSTRIAL: {"facecolor": "#56636f", "edgecolor": "#2d3640"},
    AreaKind.MIXED: {"facecolor": "#d9b650", "edgecolor": "#2d3640", "hatch": "xxxx"},
    AreaKind.UNKNOWN: {"facecolor": "#ffffff", "edgecolor": "#767676"},
}
WATER = "#edf3f6"
_REGIONS_UNDER_M = 3_000_000.0
_TOWNS_UNDER_M = 3_500_000.0
_MOST_TOWNS = 14
_MOST_PLACES = 3000  # by population; asked for until enough are in the window
_LINE = 18  # characters of a country's name before it is broken
_BINS = 34


@cache
def _layer(name: str) -> geopandas.GeoDataFrame:
    features = json.loads((DATA / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")


def _projected(name: str, extent: Extent) -> geopandas.GeoDataFrame:
    frame = _layer(name)
    clipped = frame.set_geometry(
        shapely.clip_by_rect(frame.geometry.to_numpy(), *extent.clip_box), crs=frame.crs
    )
    clipped = clipped[~clipped.geometry.is_empty]
    return clipped.set_geometry(shapely.segmentize(clipped.geometry.to_numpy(), 0.5), crs=frame.crs).to_crs(
        extent.crs
    )


def draw_basemap(axes: Axes, extent: Extent, country: str) -> None:
    """Land, waters, borders; first-level boundaries where a country or less is shown.

    A `country` (ISO code) stands out from the others, and has its boundaries to itself.
    """
    axes.set_facecolor(WATER)
    land = _projected("countries", extent)
    grounds = np.where(land["iso_a2"].isin([country] if country else land["iso_a2"]), "#ffffff", "#f1efe9")
    land.plot(ax=axes, color=grounds, edgecolor="none", zorder=1)
    if extent.width_m < _REGIONS_UNDER_M:
        regions = _projected("regions", extent)
        if country:
            regions = regions[regions["iso_a2"] == country]
        if len(regions):
            regions.plot(ax=axes, color="#b9b3a6", linewidth=0.35, linestyle=(0, (4, 3)), zorder=2)
    waters = _projected("water", extent)
    lakes = waters[waters.geometry.geom_type.isin(["Polygon", "MultiPolygon"])]
    if len(lakes):
        lakes.plot(ax=axes, facecolor=WATER, edgecolor="#9fb4c0", linewidth=0.3, zorder=2)
    land.boundary.plot(ax=axes, color="#6e685c", linewidth=0.5, zorder=3)


def draw_areas(axes: Axes, extent: Extent, unit_m: float) -> int:
    """Producing areas in the window, kinds apart; returns how many. `unit_m`: a point (1/72 in) in metres."""
    shapes: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for kind, geometry in ProducingArea.objects.order_by("pk").values_list("kind", "geometry"):
        shape = shapely.transform(shapely.from_wkb(bytes(geometry.wkb)), extent.on_plane)
        middle = shapely.point_on_surface(shape)
        if not extent.holds(middle.x, middle.y):
            continue
        mark = middle.buffer(3.4 * unit_m)
        shapes[kind].append(shape if shape.area > mark.area else mark)
    for kind, drawn in sorted(shapes.items()):
        style = AREA_STYLES.get(kind, AREA_STYLES[AreaKind.UNKNOWN])
        geopandas.GeoSeries(drawn, crs=extent.crs).plot(ax=axes, linewidth=0.5, zorder=4, **style)
    return sum(map(len, shapes.values()))


def draw_incidents(axes: Axes, extent: Extent, records: Sequence[PublishedRecord], unit_m: float) -> float:
    """Symbols by theme, their area in proportion to the count; returns the grouping distance in metres."""
    bin_m = extent.width_m / _BINS
    groups: dict[tuple[int, int], dict[str, list[tuple[float, float]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for record in records:
        if record["lon"] is None or record["lat"] is None:
            continue
        x, y = extent.project(record["lon"], record["lat"])
        if extent.holds(x, y):
            groups[round(x / bin_m), round(y / bin_m)][record["theme"]].append((x, y))
    marks = []
    for themes in groups.values():
        every = np.array([point for points in themes.values() for point in points])
        centre = every.mean(axis=0)
        ordered = sorted(themes.items(), key=lambda item: (-len(item[1]), item[0]))
        for index, (theme, points) in enumerate(ordered):
            size = symbol_size(len(points))
            # Themes of one spot stand around it, so that none hides another.
            away = 0.0 if len(ordered) == 1 else 0.55 * sqrt(symbol_size(len(ordered[0][1]))) * unit_m
            angle = pi / 2 + 2 * pi * index / len(ordered)
            marks.append(
                (len(points), centre[0] + away * cos(angle), centre[1] + away * sin(angle), theme, size)
            )
    for _count, x, y, theme, size in sorted(marks, reverse=True):
        draw_symbol(axes, x, y, theme, size)
    return bin_m


def draw_symbol(axes: Axes, x: float, y: float, theme: str, size: float) -> None:
    """A theme's mark, `size` square points large, in the axes' own units."""
    marker, colour = THEME_MARKS[theme]
    axes.scatter([x], [y], s=size, marker=marker, c=colour, edgecolors="#ffffff", linewidths=0.6, zorder=6)


def symbol_size(count: int) -> float:
    """A symbol's area in square points: in step with the count, so its width goes with the square root."""
    return 16.0 + 9.0 * count


def draw_names(axes: Axes, extent: Extent, type_scale: float) -> None:
    """Countries, and towns where a country or less is shown; a name that would cover another is left out."""
    placed = _Placed(axes)
    for _index, row in _layer("countries").iterrows():
        shape = shapely.clip_by_rect(row.geometry, *extent.clip_box)
        if shape.is_empty or not _has_name(row["iso_a2"]):
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        x, y = extent.project(*shapely.get_coordinates(largest.representative_point())[0])
        if extent.holds(x, y) and largest.area > (extent.width_m / 111_000 / 22) ** 2:
            name = textwrap.fill(country_name(row["iso_a2"]).upper(), _LINE, break_long_words=False)
            placed.write(x, y, name, 6.5 * type_scale, colour="#57524a", is_spaced=True)
    if extent.width_m < _TOWNS_UNDER_M:
        for x, y, name in _towns(extent):
            if placed.write(x, y, f" {name}", 6.0 * type_scale, colour="#1b1f24", align="left"):
                axes.scatter([x], [y], s=3.5, c="#1b1f24", zorder=5)


def _has_name(code: str) -> bool:
    """Whether a country's name is known in the language of the map; beyond the catalogue only in English."""
    return bool(code) and (code in COUNTRY_NAMES or (get_language() or "").startswith("en"))


def _towns(extent: Extent) -> Iterable[tuple[float, float, str]]:
    found = 0
    for place in Place.objects.exclude(feature_code__startswith="ADM").order_by("-population", "pk")[
        :_MOST_PLACES
    ]:
        x, y = extent.project(place.longitude, place.latitude)
        if extent.holds(x, y):
            found += 1
            yield x, y, place.name
        if found == _MOST_TOWNS:
            return


class _Placed:
    """Names on the map so far, in the picture's pixels."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.boxes: list[Any] = []

    def write(
        self,
        x: float,
        y: float,
        name: str,
        size: float,
        *,
        colour: str,
        align: str = "center",
        is_spaced: bool = False,
    ) -> bool:
        text = self.axes.text(
            x,
            y,
            "\u200a".join(name) if is_spaced else name,
            fontsize=size,
            color=colour,
            ha=align,
            va="center",
            linespacing=1.1,
            zorder=5,  # beneath the incidents: a name may lose a letter, a death may not
            clip_on=True,
            path_effects=[patheffects.withStroke(linewidth=1.6, foreground="#ffffff")],
        )
        figure = self.axes.get_figure()
        box = text.get_window_extent(figure.canvas.get_renderer())  # type: ignore[union-attr]
        frame = self.axes.get_window_extent()
        is_inside = frame.x0 < box.x0 and box.x1 < frame.x1 and frame.y0 < box.y0 and box.y1 < frame.y1
        if not is_inside or any(box.overlaps(other) for other in self.boxes):
            text.remove()
            return False
        self.boxes.append(box)
        return True
