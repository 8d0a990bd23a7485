"""Published incidents: pages of them, and one."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from impact.publication.filtering import PARAMETERS
from impact.publication.models import PublishedIncident
from impact.publication.published import PublishedRecord, published_incidents, published_properties
from reports_api import paging
from reports_api.problems import Gone
from reports_api.shapes import (
    FILTERS,
    JSON_OR_GEOJSON,
    PAGING,
    IncidentCollection,
    IncidentFeature,
    IncidentPage,
    answers,
)
from reports_api.view import ApiView, GeoJSONRenderer, filter_of


class IncidentListView(ApiView):
    renderer_classes = (JSONRenderer, GeoJSONRenderer)
    parameters = (*paging.PARAMETERS, *PARAMETERS)

    @extend_schema(
        operation_id="listIncidents",
        summary="Published incidents, the latest first",
        parameters=[*FILTERS, *PAGING, JSON_OR_GEOJSON],
        responses=answers(IncidentPage, geojson=IncidentCollection),
    )
    def get(self, request: Request) -> Response:
        page = paging.page_of(published_incidents(filter_of(request)), request)
        if self.wants_geojson(request):
            return Response(page.geojson(incident_feature))
        return Response(page.plain(published_properties))


class IncidentView(ApiView):
    renderer_classes = (JSONRenderer, GeoJSONRenderer)

    @extend_schema(
        operation_id="getIncident",
        summary="One published incident",
        parameters=[JSON_OR_GEOJSON],
        responses=answers(
            PublishedRecord,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.GONE,
            geojson=IncidentFeature,
        ),
    )
    def get(self, request: Request, incident_id: UUID) -> Response:
        incident = incident_of(incident_id)
        if self.wants_geojson(request):
            return Response(incident_feature(incident))
        return Response(published_properties(incident))


def incident_of(incident_id: UUID) -> PublishedIncident:
    """One published incident. Raises Gone for one that was taken back, and Http404."""
    incident = published_incidents().filter(pk=incident_id).first()
    if incident is None:
        if PublishedIncident.objects.filter(pk=incident_id).exists():
            raise Gone(_("This incident was retracted."))
        raise Http404
    return incident


def incident_feature(incident: PublishedIncident) -> IncidentFeature:
    """A published incident as a GeoJSON feature at its masked point, or at none."""
    record = published_properties(incident)
    longitude, latitude = record["lon"], record["lat"]
    return {
        "type": "Feature",
        "id": record["id"],
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]}
        if longitude is not None and latitude is not None
        else None,
        "properties": record,
    }
