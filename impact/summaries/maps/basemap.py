"""What lies beneath: land, borders, waters, and the net of meridians and parallels."""

from functools import cache
from typing import Any

import geopandas
import numpy as np
import pyogrio
import shapely
from matplotlib.axes import Axes

from impact.places.basemap import DATA
from impact.summaries.maps.degrees import latitude_words, longitude_words
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.palette import SOFT, WATER

_REGIONS_UNDER_M = 3_000_000.0
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)  # degrees between two lines of the net
_LINES = 6.5  # as many as there may be across


@cache
def layer(name: str) -> geopandas.GeoDataFrame:
    """A shipped layer in EPSG:4326: countries, regions or water."""
    return pyogrio.read_dataframe(DATA / f"{name}.geojson")


def _projected(name: str, extent: Extent) -> geopandas.GeoDataFrame:
    frame = layer(name)
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


def draw_graticule(axes: Axes, extent: Extent, type_scale: float) -> None:
    """Parallels and meridians, named where they leave the frame at the left and at the foot."""
    west, south, east, north = _seen(extent)
    step = next((step for step in _STEPS if max(east - west, north - south) / step <= _LINES), _STEPS[-1])
    decimals = 1 if step < 1 else 0
    left, bottom, right, top = extent.window
    text: dict[str, Any] = {"fontsize": 5 * type_scale, "color": SOFT, "zorder": 9, "clip_on": False}
    for longitude in np.arange(np.ceil(west / step), east / step + 1e-9) * step:
        line = _line(extent, np.full(200, longitude), np.linspace(south, north, 200))
        axes.plot(line[:, 0], line[:, 1], color="#9db0ba", linewidth=0.25, zorder=1.5)
        x = _crossing(line[:, 1], line[:, 0], bottom)
        if x is not None and left < x < right:
            name = longitude_words(float(longitude), decimals)
            axes.annotate(
                name, (x, bottom), (0, -2.5), textcoords="offset points", ha="center", va="top", **text
            )
    for latitude in np.arange(np.ceil(south / step), north / step + 1e-9) * step:
        line = _line(extent, np.linspace(west, east, 200), np.full(200, latitude))
        axes.plot(line[:, 0], line[:, 1], color="#9db0ba", linewidth=0.25, zorder=1.5)
        y = _crossing(line[:, 0], line[:, 1], left)
        if y is not None and bottom < y < top:
            name = latitude_words(float(latitude), decimals)
            axes.annotate(
                name,
                (left, y),
                (-2.5, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                rotation=90,
                **text,
            )


def _seen(extent: Extent) -> tuple[float, float, float, float]:
    """The degrees that the window shows."""
    edge = shapely.get_coordinates(shapely.segmentize(shapely.box(*extent.window), extent.width_m / 40))
    longitudes, latitudes = extent.to_plane.transform(edge[:, 0], edge[:, 1], direction="INVERSE")
    known = np.isfinite(longitudes) & np.isfinite(latitudes)
    return (
        float(longitudes[known].min()),
        float(latitudes[known].min()),
        float(longitudes[known].max()),
        float(latitudes[known].max()),
    )


def _line(extent: Extent, longitudes: Any, latitudes: Any) -> Any:
    return extent.on_plane(np.column_stack([longitudes, latitudes]))


def _crossing(along: Any, across: Any, at: float) -> float | None:
    """Where a drawn line passes the value `at` of its first coordinate: the second one there."""
    if not along.min() <= at <= along.max():
        return None
    order = np.argsort(along)
    return float(np.interp(at, along[order], across[order]))
