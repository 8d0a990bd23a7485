"""Points for a map at a zoom: masked points grouped by the database in a fixed grid, counted exactly."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Avg, CharField, Count, F, FloatField, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast, Floor

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedCell, PublishedIncident
from impact.publication.published import published_incidents
from impact.vocabulary import Theme

Box = tuple[float, float, float, float]
Placed = TypeVar("Placed", PublishedIncident, PublishedCell)
CELLS_A_TILE = 4  # a tile of 256 px: groups are about 64 px apart, room for a ring and its count
_POINTS_A_QUERY = 400


@dataclass(frozen=True, slots=True)
class Cluster:
    """Incidents drawn as one: the mean of their masked points, and how many of each theme.

    `incident_id` is set when there is only one.
    """

    longitude: float
    latitude: float
    count: int
    by_theme: dict[str, int]
    incident_id: str | None


def clusters(bbox: Box, zoom: int, chosen: IncidentFilter | None = None) -> list[Cluster]:
    """The clusters of a box (west, south, east, north; WGS 84) at a web map's zoom, largest first.

    A box may cross the antimeridian (west greater than east). The counts of a box add up to the
    incidents with a point in it, at every zoom.
    """
    chosen = chosen or IncidentFilter()
    if is_by_cell(chosen):
        return _clusters_of_cells(bbox, zoom, chosen)
    return _clusters_of_incidents(bbox, zoom, chosen)


def is_by_cell(chosen: IncidentFilter) -> bool:
    """Whether a filter narrows by no more than box, country and theme, so that counts of cells answer it."""
    return replace(chosen, country=(), theme=(), bbox=None) == IncidentFilter()


def published_cells(chosen: IncidentFilter) -> QuerySet[PublishedCell]:
    """The counted cells of a filter's box and countries."""
    cells = PublishedCell.objects.all()
    if chosen.country:
        cells = cells.filter(country__in=chosen.country)
    return within_box(cells, chosen.bbox) if chosen.bbox else cells


def _clusters_of_cells(bbox: Box, zoom: int, chosen: IncidentFilter) -> list[Cluster]:
    themes = chosen.theme or tuple(Theme.values)
    number: Any = sum((F(theme) for theme in themes[1:]), F(themes[0])) if chosen.theme else F("incidents")
    cells = within_box(published_cells(chosen), bbox).annotate(number=number).filter(number__gt=0)
    rows: list[Any] = list(
        _in_grid(cells, zoom)
        .annotate(
            longitude_mean=Sum(F("longitude") * F("number")) / Sum("number"),
            latitude_mean=Sum(F("latitude") * F("number")) / Sum("number"),
            total=Sum("number"),
            longitude_one=Max("longitude"),
            latitude_one=Max("latitude"),
            **{f"of_{theme}": Sum(theme) for theme in themes},
        )
        .order_by("-total", "column", "row")
    )
    points = [(row["longitude_one"], row["latitude_one"]) for row in rows if row["total"] == 1]
    alone = _incidents_at(points, chosen)
    return [
        _cluster(row, themes, alone[row["longitude_one"], row["latitude_one"]] if row["total"] == 1 else None)
        for row in rows
    ]


def _clusters_of_incidents(bbox: Box, zoom: int, chosen: IncidentFilter) -> list[Cluster]:
    themes = tuple(Theme.values)
    rows: Any = (
        _in_grid(within_box(published_incidents(chosen).order_by(), bbox), zoom)
        .annotate(
            longitude_mean=Avg("longitude"),
            latitude_mean=Avg("latitude"),
            total=Count("pk"),
            one=Max(Cast("pk", CharField(max_length=36))),
            **{f"of_{theme}": Count("pk", filter=Q(theme=theme)) for theme in themes},
        )
        .order_by("-total", "column", "row")
    )
    return [_cluster(row, themes, str(UUID(row["one"])) if row["total"] == 1 else None) for row in rows]


def _in_grid(rows: QuerySet[Any], zoom: int) -> Any:
    size = 360.0 / 2**zoom / CELLS_A_TILE
    return rows.annotate(
        column=Floor(F("longitude") / size, output_field=FloatField()),
        row=Floor(F("latitude") / size, output_field=FloatField()),
    ).values("column", "row")


def _incidents_at(points: list[tuple[float, float]], chosen: IncidentFilter) -> dict[Any, str]:
    """The id of the incident at each of these points, which have one each."""
    found: dict[Any, str] = {}
    for start in range(0, len(points), _POINTS_A_QUERY):
        longitudes, latitudes = zip(*points[start : start + _POINTS_A_QUERY], strict=True)
        rows = published_incidents(chosen).filter(longitude__in=longitudes, latitude__in=latitudes).order_by()
        found |= {
            (longitude, latitude): str(pk)
            for pk, longitude, latitude in rows.values_list("pk", "longitude", "latitude")
        }
    return found


def _cluster(row: Any, themes: tuple[str, ...], incident_id: str | None) -> Cluster:
    return Cluster(
        longitude=round(row["longitude_mean"], 5),
        latitude=round(row["latitude_mean"], 5),
        count=row["total"],
        by_theme={theme: row[f"of_{theme}"] for theme in themes if row[f"of_{theme}"]},
        incident_id=incident_id,
    )


def within_box(incidents: QuerySet[Placed], bbox: Box) -> QuerySet[Placed]:
    """Those with their point in a box (west, south, east, north), also across the antimeridian."""
    west, south, east, north = bbox
    within = Q(latitude__range=(south, north))
    if west <= east:
        return incidents.filter(within, longitude__range=(west, east))
    return incidents.filter(within, Q(longitude__gte=west) | Q(longitude__lte=east))
