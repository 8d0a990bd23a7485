"""The collections: published incidents and producing areas, each with what narrows it and its extent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib.gis.db.models import Extent
from django.core.cache import cache
from django.db.models import Max, Min, Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from impact.places.boxes import areas_touching
from impact.places.models import ProducingArea
from impact.publication.filtering import PARAMETERS, IncidentFilter, filter_parameters
from impact.publication.models import PublishedIncident
from impact.publication.published import published_incidents
from impact.publication.state import public_tag
from impact.summaries.formats.qgis_style import areas_style, incidents_style
from reports_api.areas import area_feature, areas_of, counted_areas
from reports_api.incidents import incident_feature, incident_of
from reports_api.ogc.reading import bbox_of, days_of
from reports_api.ogc.schemas import area_properties, incident_properties

_EXTENT_KEPT_S = 3600

Extents = tuple[list[float] | None, list[str | None]]


@dataclass(frozen=True, slots=True)
class Collection:
    """`rows` are those that a request asks for, `row` is one of them by its identifier
    (raises Http404, or Gone for what was taken back).

    `extent` gives west, south, east, north in WGS 84 degrees (None where there is nothing), and the first and
    the last day. `properties` and `geometry` are its schema's, `styles` are those for QGIS, by name.
    """

    name: str
    title: Any
    description: Any
    parameters: tuple[str, ...]
    rows: Callable[[Request], QuerySet[Any]]
    row: Callable[[str], Model]
    feature: Callable[[Any], Any]
    extent: Callable[[], Extents]
    properties: Callable[[], dict[str, Any]]
    geometry: dict[str, str]
    styles: dict[str, Callable[[], str]]


def collection_of(name: str) -> Collection:
    """Raises Http404."""
    if name not in COLLECTIONS:
        raise Http404
    return COLLECTIONS[name]


def _incidents(request: Request) -> QuerySet[PublishedIncident]:
    chosen = filter_parameters(request.query_params)
    if box := bbox_of(request):
        chosen["bbox"] = ",".join(map(repr, box))
    chosen |= {name: day.isoformat() for name, day in days_of(request).items()}
    return published_incidents(IncidentFilter.parse(chosen))


def _incident(identifier: str) -> PublishedIncident:
    try:
        return incident_of(UUID(identifier))
    except ValueError:
        raise Http404 from None


def _incident_feature(incident: PublishedIncident) -> dict[str, Any]:
    """With the nearest area in columns of its own, as in files: in QGIS nobody reads a list of objects."""
    feature = incident_feature(incident)
    record = feature["properties"]
    nearest = record["areas"][0] if record["areas"] else None
    flat = {
        "nearest_area": nearest and nearest["name"],
        "nearest_area_kind": nearest and nearest["kind"],
        "nearest_area_km": nearest and nearest["distance_km"],
    }
    return {**feature, "properties": {**record, **flat}}


def _areas(request: Request) -> QuerySet[ProducingArea]:
    areas = areas_of(request)
    box = bbox_of(request)
    return areas.filter(areas_touching(box)) if box else areas


def _area(identifier: str) -> ProducingArea:
    if not (identifier.isascii() and identifier.isdigit() and len(identifier) <= 18):
        raise Http404
    return get_object_or_404(counted_areas(), pk=int(identifier))


def _incident_extent() -> Extents:
    def found() -> Extents:
        there = published_incidents().aggregate(
            west=Min("longitude"),
            south=Min("latitude"),
            east=Max("longitude"),
            north=Max("latitude"),
            first=Min("occurred_from"),
            last=Max("occurred_to"),
        )
        box = (there["west"], there["south"], there["east"], there["north"])
        return _extents(None if None in box else box, there["first"], there["last"])

    # Of everything public: as long as nothing public changes, the same.
    return cast(Extents, cache.get_or_set(f"ogc-extent-{public_tag()}", found, _EXTENT_KEPT_S))


def _area_extent() -> Extents:
    box = ProducingArea.objects.leading().aggregate(box=Extent("geometry"))["box"]
    return _extents(box, None, None)


def _extents(box: tuple[float, float, float, float] | None, first: date | None, last: date | None) -> Extents:
    days = [day.isoformat() if day else None for day in (first, last)]
    return (list(box) if box else None), days


COLLECTIONS = {
    collection.name: collection
    for collection in (
        Collection(
            name="incidents",
            title=_("Published incidents"),
            description=_(
                "Each at the middle of a hexagon and not where it happened, in a period and not on a day."
            ),
            parameters=("datetime", *PARAMETERS),
            rows=_incidents,
            row=_incident,
            feature=_incident_feature,
            extent=_incident_extent,
            properties=incident_properties,
            geometry={"format": "geometry-point"},
            # Many incidents share a point: the second shows them all.
            styles={"style": incidents_style, "one-by-one": partial(incidents_style, is_spread=True)},
        ),
        Collection(
            name="areas",
            title=_("Producing areas"),
            description=_("Where minerals are mined or dug, as points or polygons, each with its source."),
            parameters=("bbox", "country", "kind", "q"),
            rows=_areas,
            row=_area,
            feature=area_feature,
            extent=_area_extent,
            properties=area_properties,
            geometry={"format": "geometry-any"},
            styles={"style": areas_style},
        ),
    )
}
