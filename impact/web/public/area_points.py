"""What was published near areas: how many incidents near each, and near one of them by masked point."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedLink
from impact.publication.published import published_incidents

_MOST_NAMED = 1000  # in one query; for more, counting all of them is quicker


@dataclass(slots=True)
class PublishedPoint:
    """A masked point (WGS 84 degrees) and its incidents; `incident_id` is that of one of them."""

    longitude: float
    latitude: float
    incident_id: str
    by_theme: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return self.by_theme.total()

    def as_json(self) -> dict[str, Any]:
        """As the map's script draws it: the id where there is one alone."""
        return {
            "lon": self.longitude,
            "lat": self.latitude,
            "count": self.count,
            "by_theme": dict(self.by_theme),
            "id": self.incident_id if self.count == 1 else None,
        }


def published_points(chosen: IncidentFilter) -> list[PublishedPoint]:
    """The points of what passes the filter, in order; what has no place has none."""
    rows = (
        published_incidents(chosen)
        .order_by("longitude", "latitude", "id")
        .values_list("longitude", "latitude", "id", "theme")
    )
    points: dict[tuple[float, float], PublishedPoint] = {}
    for longitude, latitude, key, theme in rows:
        if longitude is None or latitude is None:
            continue
        point = points.setdefault((longitude, latitude), PublishedPoint(longitude, latitude, str(key)))
        point.by_theme[theme] += 1
    return list(points.values())


def incidents_near(areas: Collection[int]) -> Counter[int]:
    """How many published incidents are linked to each of these areas."""
    links = PublishedLink.objects.order_by()
    if len(areas) <= _MOST_NAMED:
        links = links.filter(area__in=areas)
    return Counter(dict(links.values_list("area").annotate(count=Count("*"))))
