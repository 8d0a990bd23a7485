"""Points for a map at a zoom: masked points grouped by the database in a fixed grid, counted exactly."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Avg, CharField, Count, F, FloatField, Max, Q, QuerySet
from django.db.models.functions import Cast, Floor

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents
from impact.vocabulary import Theme

Box = tuple[float, float, float, float]
CELLS_A_TILE = 4  # a tile of 256 px: groups are about 64 px apart, room for a ring and its count


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
    size = 360.0 / 2**zoom / CELLS_A_TILE
    rows: Any = (
        within_box(published_incidents(chosen).order_by(), bbox)
        .annotate(
            column=Floor(F("longitude") / size, output_field=FloatField()),
            row=Floor(F("latitude") / size, output_field=FloatField()),
        )
        .values("column", "row")
        .annotate(
            longitude_mean=Avg("longitude"),
            latitude_mean=Avg("latitude"),
            total=Count("pk"),
            one=Max(Cast("pk", CharField(max_length=36))),
            **{f"of_{theme}": Count("pk", filter=Q(theme=theme)) for theme in Theme.values},
        )
        .order_by("-total", "column", "row")
    )
    return [
        Cluster(
            longitude=round(row["longitude_mean"], 5),
            latitude=round(row["latitude_mean"], 5),
            count=row["total"],
            by_theme={theme: row[f"of_{theme}"] for theme in Theme.values if row[f"of_{theme}"]},
            incident_id=str(UUID(row["one"])) if row["total"] == 1 else None,
        )
        for row in rows
    ]


def within_box(incidents: QuerySet[PublishedIncident], bbox: Box) -> QuerySet[PublishedIncident]:
    """Those with their point in a box (west, south, east, north), also across the antimeridian."""
    west, south, east, north = bbox
    within = Q(latitude__range=(south, north))
    if west <= east:
        return incidents.filter(within, longitude__range=(west, east))
    return incidents.filter(within, Q(longitude__gte=west) | Q(longitude__lte=east))
