"""Producing areas on a print map: by kind beneath the incidents, or shaded by what is near them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas
import shapely
from matplotlib.axes import Axes

from impact.publication.published import PublishedRecord
from impact.publication.surroundings import KnownArea
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.palette import AREA_MARKS, AREA_STYLES, INK, NONE, shade
from impact.vocabulary import AreaKind

_MARK_POINTS = 3.4  # half of a mark's width, in points (1/72 in)


@dataclass(frozen=True, slots=True)
class AreaCount:
    """A producing area in the window and how many of the incidents shown lie near it."""

    name: str
    kind: str
    x: float
    y: float
    incidents: int


def areas_frame(areas: Sequence[KnownArea]) -> geopandas.GeoDataFrame:
    """Producing areas: pk, name, kind, and the shape in EPSG:4326."""
    return geopandas.GeoDataFrame(
        {
            "pk": [area.id for area in areas],
            "name": [area.name for area in areas],
            "kind": [area.kind for area in areas],
        },
        geometry=shapely.from_wkb([area.wkb for area in areas]),
        crs="EPSG:4326",
    )


def incidents_near(records: Sequence[PublishedRecord]) -> Counter[int]:
    """By a producing area's key, how many of the incidents name it as near."""
    return Counter(area["id"] for record in records for area in record["areas"])


def area_counts(areas: geopandas.GeoDataFrame, extent: Extent, near: Counter[int]) -> list[AreaCount]:
    """The areas of a window with what is near each, the fullest first."""
    middles = areas.set_geometry(areas.geometry.representative_point(), crs=areas.crs)
    seen = extent.within(middles)
    counts = [
        AreaCount(row.name_, row.kind, row.geometry.x, row.geometry.y, near[row.pk])
        for row in seen.rename(columns={"name": "name_"}).itertuples()
    ]
    return sorted(counts, key=lambda area: (-area.incidents, area.name))


def draw_areas(axes: Axes, areas: geopandas.GeoDataFrame, extent: Extent, unit_m: float) -> None:
    """Producing areas in the window, kinds apart. `unit_m`: a point (1/72 in) in metres."""
    drawn = _drawn(areas, extent, unit_m)
    for kind, group in drawn.groupby("kind", sort=True):
        style = AREA_STYLES.get(kind, AREA_STYLES[AreaKind.UNKNOWN])
        group.plot(ax=axes, linewidth=0.5, zorder=4, **style)


def draw_outlined_areas(axes: Axes, areas: geopandas.GeoDataFrame, extent: Extent, unit_m: float) -> None:
    """Producing areas as small open marks, for maps where shade means something else."""
    drawn = _drawn(areas, extent, unit_m * 0.6)
    if len(drawn):
        drawn.boundary.plot(ax=axes, linewidth=0.6, color=INK, zorder=6)


def draw_shaded_areas(
    axes: Axes,
    areas: geopandas.GeoDataFrame,
    extent: Extent,
    unit_m: float,
    near: Counter[int],
    starts: Sequence[int],
) -> None:
    """Each area as dark as there are incidents near it; its kind is its shape, or its own outline."""
    drawn = _drawn(areas, extent, unit_m)
    counts = [near[pk] for pk in drawn["pk"]]
    for count, (_index, row) in sorted(zip(counts, drawn.iterrows(), strict=True), key=lambda pair: pair[0]):
        style: dict[str, Any] = {"facecolor": shade(count, starts), "edgecolor": INK} if count else NONE
        if row["is_mark"]:
            middle = row.geometry.centroid
            axes.scatter(
                [middle.x],
                [middle.y],
                s=58 if count else 34,
                marker=AREA_MARKS.get(row["kind"], "v"),
                linewidths=0.6,
                zorder=5 + bool(count),
                **style,
            )
        else:
            geopandas.GeoSeries([row.geometry], crs=drawn.crs).plot(ax=axes, linewidth=0.6, zorder=5, **style)


def _drawn(areas: geopandas.GeoDataFrame, extent: Extent, unit_m: float) -> geopandas.GeoDataFrame:
    """Areas of the window on the plane: shapes too small to see are drawn as round marks."""
    seen = extent.within(areas.set_geometry(areas.geometry.representative_point(), crs=areas.crs))
    shapes = areas.loc[seen.index].to_crs(extent.crs).geometry
    marks = seen.geometry.buffer(_MARK_POINTS * unit_m)
    is_mark = shapes.area <= marks.area
    return seen.set_geometry(shapes.where(~is_mark, marks), crs=extent.crs).assign(is_mark=is_mark)
