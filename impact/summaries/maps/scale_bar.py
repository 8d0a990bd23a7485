"""The scale bar, true in the middle of the map, and the arrow to true north."""

from math import floor, log10
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import pgettext
from matplotlib.axes import Axes
from pyproj import Geod

from impact.summaries.maps.extent import Extent
from impact.summaries.maps.haloes import HALO, add_plain_copy

_WGS84 = Geod(ellps="WGS84")
_STEPS = (1, 2, 5)


def bar_length_m(extent: Extent) -> float:
    """The longest round number of metres (1, 2 or 5 times a power of ten) in a fifth of the map's width."""
    most = extent.width_m / 5
    power = 10 ** floor(log10(most))
    return float(max(step * power for step in _STEPS if step * power <= most))


def plane_length(extent: Extent, length_m: float) -> float:
    """How long a geodesic of `length_m` to the east is on the plane, at the middle of the map."""
    longitude, latitude = extent.centre
    east, north, _ = _WGS84.fwd(longitude, latitude, 90, length_m)
    x0, y0 = extent.project(longitude, latitude)
    x1, y1 = extent.project(east, north)
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)


def draw_scale_bar(
    axes: Axes, extent: Extent, type_scale: float, *, is_inset: bool = False, is_right: bool = False
) -> None:
    """A bar of two halves in a lower corner, its ends named in kilometres; in an inset one."""
    left, bottom, right, top = extent.window
    length_m = bar_length_m(extent)
    length = plane_length(extent, length_m)
    # At the right, the last name reaches beyond the bar's end.
    x = right - (right - left) * 0.05 - length if is_right else left + (right - left) * 0.03
    y = bottom + (top - bottom) * 0.035
    height = (top - bottom) * 0.006
    ground: Any = {"zorder": 8, "clip_on": True}
    axes.barh(
        y,
        length,
        height * 2.2,
        left=x,
        align="center",
        color="#ffffff",
        edgecolor="#1b1f24",
        linewidth=0.6,
        **ground,
    )
    axes.barh(y, length / 2, height * 2.2, left=x, align="center", color="#1b1f24", **ground)
    named: tuple[tuple[float, str], ...]
    named = ((0.0, "0"), (0.5, _kilometres(length_m / 2)), (1.0, f"{_kilometres(length_m)} km"))
    if is_inset:
        named = ((0.0, f"{_kilometres(length_m)} km"),)
    for share, label in named:
        halo = axes.text(
            x + length * share,
            y + height * 2.4,
            label,
            fontsize=6 * type_scale,
            ha="left" if is_inset else "center",
            va="bottom",
            zorder=8,
            path_effects=HALO,
        )
        add_plain_copy(axes, halo)


def _kilometres(length_m: float) -> str:
    decimals = 0 if length_m % 1000 == 0 else 1 if length_m % 100 == 0 else 2
    return str(number_format(length_m / 1000, decimals))


def draw_north_arrow(axes: Axes, type_scale: float, *, is_left: bool = False) -> None:
    """An arrow in an upper corner: up is north at the middle of the map."""
    x = 0.035 if is_left else 0.965
    axes.annotate(
        pgettext("latitude", "N"),
        xy=(x, 0.965),
        xytext=(x, 0.895),
        xycoords="axes fraction",
        fontsize=8 * type_scale,
        ha="center",
        va="center",
        zorder=8,
        arrowprops={"arrowstyle": "-|>", "color": "#1b1f24", "lw": 1.0},
    )
