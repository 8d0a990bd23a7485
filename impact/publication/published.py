"""The published incidents, and the one way in which they are written out: page, API, export, snapshot."""

from datetime import date
from typing import TypedDict

from django.db.models import Prefetch, QuerySet

from impact.publication.filtering import IncidentFilter
from impact.publication.models import PublishedIncident, PublishedLink


class PublishedArea(TypedDict):
    id: int
    name: str
    kind: str
    distance_km: int


class PublishedRecord(TypedDict):
    """A published incident in JSON types. `lon` and `lat` are the masked point, WGS 84 degrees."""

    id: str
    theme: str
    harms: list[str]
    perpetrator: str
    verification: str
    reliability: str
    credibility: str
    killed: int | None
    injured: int | None
    arrested: int | None
    displaced: int | None
    affected: int | None
    minerals: list[str]
    country: str
    occurred_from: str | None
    occurred_to: str | None
    occurred_precision: str
    text: str
    lon: float | None
    lat: float | None
    uncertainty_m: float | None
    areas: list[PublishedArea]
    published_on: str
    is_fictional: bool


def published_incidents(chosen: IncidentFilter | None = None) -> QuerySet[PublishedIncident]:
    """What is public now and passes the filter, the latest first, harms and areas at hand."""
    current = PublishedIncident.objects.filter(retracted_on__isnull=True)
    return (
        (chosen or IncidentFilter())
        .apply(current)
        .prefetch_related("harms", Prefetch("area_links", PublishedLink.objects.select_related("area")))
    )


def published_properties(incident: PublishedIncident) -> PublishedRecord:
    """THE public serializer. Whatever is not in here is not public."""
    return {
        "id": str(incident.id),
        "theme": str(incident.theme),
        "harms": incident.harm_codes,
        "perpetrator": str(incident.perpetrator),
        "verification": str(incident.verification),
        "reliability": str(incident.reliability),
        "credibility": str(incident.credibility),
        "killed": incident.killed,
        "injured": incident.injured,
        "arrested": incident.arrested,
        "displaced": incident.displaced,
        "affected": incident.affected,
        "minerals": list(incident.minerals),
        "country": incident.country,
        "occurred_from": _iso(incident.occurred_from),
        "occurred_to": _iso(incident.occurred_to),
        "occurred_precision": str(incident.occurred_precision),
        "text": incident.text,
        "lon": incident.longitude,
        "lat": incident.latitude,
        "uncertainty_m": incident.uncertainty_m,
        "areas": [
            {
                "id": link.area_id,
                "name": link.area.name,
                "kind": str(link.area.kind),
                "distance_km": round(link.distance_m / 1000),
            }
            for link in incident.area_links.all()
        ],
        "published_on": incident.published_on.isoformat(),
        "is_fictional": incident.is_fictional,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
