"""Where insets, scale bar and arrow stand in a frame: where they cover least of what the map is about."""

from collections.abc import Sequence

import geopandas

from impact.summaries.maps.extent import Extent
from impact.summaries.maps.framing import Framing

Place = tuple[float, float, float, float]  # left, bottom, width, height, as shares of the frame
_WIDTH = 0.26
_EDGE = 0.0
_ABOVE_THE_BAR = 0.09  # where there are insets, the scale bar has the lower left corner
BARS: tuple[Place, ...] = ((0.0, 0.0, 0.27, 0.075), (0.73, 0.0, 0.27, 0.075))  # the first where both are free
ARROWS: tuple[Place, ...] = ((0.93, 0.87, 0.07, 0.13), (0.0, 0.87, 0.07, 0.13))


def inset_places(
    framing: Framing, spots: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame, aspect: float
) -> list[Place]:
    """One place an inset. `aspect`: the frame's width through its height."""
    if not framing.insets:
        return []
    width, height = _WIDTH, _WIDTH * aspect
    free: list[Place] = [
        (_EDGE, _ABOVE_THE_BAR, width, height),
        (1 - width - _EDGE, _EDGE, width, height),
        (_EDGE, 1 - height - _EDGE, width, height),
    ]
    middles = areas.set_geometry(areas.geometry.representative_point(), crs=areas.crs)
    on_plane = framing.main.within(spots), framing.main.within(middles)
    free.sort(key=lambda place: _covered(place, framing.main, *on_plane))
    return free[: len(framing.insets)]


def freest(
    places: Sequence[Place], main: Extent, spots: geopandas.GeoDataFrame, areas: geopandas.GeoDataFrame
) -> Place:
    """The first of the places that hide least."""
    middles = areas.set_geometry(areas.geometry.representative_point(), crs=areas.crs)
    on_plane = main.within(spots), main.within(middles)
    return min(places, key=lambda place: _covered(place, main, *on_plane))


def _covered(
    place: Place, main: Extent, spots: geopandas.GeoDataFrame, middles: geopandas.GeoDataFrame
) -> tuple[int, int]:
    """How many incidents and producing areas a place would hide."""
    left, bottom, right, top = main.window
    x0, y0 = left + place[0] * (right - left), bottom + place[1] * (top - bottom)
    x1, y1 = x0 + place[2] * (right - left), y0 + place[3] * (top - bottom)
    return int(spots.cx[x0:x1, y0:y1]["count"].sum()), len(middles.cx[x0:x1, y0:y1])
