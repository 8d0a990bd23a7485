"""Producing areas: pages of them, and one."""

import json
from http import HTTPStatus

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from impact.places.gazetteer_store import current_gazetteer
from impact.places.models import AreaQuerySet, ProducingArea
from impact.vocabulary import AreaKind
from reports_api import paging
from reports_api.problems import InvalidParameter
from reports_api.shapes import (
    COUNTRY,
    JSON_OR_GEOJSON,
    KIND,
    PAGING,
    AreaCollection,
    AreaFeature,
    AreaPage,
    AreaRecord,
    answers,
)
from reports_api.view import ApiView, GeoJSONRenderer, filter_of, words_of

_LONGEST_NAME = 200
_NAME = OpenApiParameter(
    "q",
    {"type": "string", "maxLength": _LONGEST_NAME},
    description="part of a name; or a whole name or alias, typing errors forgiven",
)


class AreaListView(ApiView):
    renderer_classes = (JSONRenderer, GeoJSONRenderer)
    parameters = (*paging.PARAMETERS, "country", "kind", "q")

    @extend_schema(
        operation_id="listAreas",
        summary="Producing areas by country and name",
        parameters=[COUNTRY, KIND, _NAME, *PAGING, JSON_OR_GEOJSON],
        responses=answers(AreaPage, geojson=AreaCollection),
    )
    def get(self, request: Request) -> Response:
        page = paging.page_of(areas_of(request), request)
        if self.wants_geojson(request):
            return Response(page.geojson(area_feature))
        return Response(page.plain(area_record))


class AreaView(ApiView):
    renderer_classes = (JSONRenderer, GeoJSONRenderer)

    @extend_schema(
        operation_id="getArea",
        summary="One producing area",
        parameters=[OpenApiParameter("area_id", int, OpenApiParameter.PATH), JSON_OR_GEOJSON],
        responses=answers(AreaRecord, HTTPStatus.NOT_FOUND, geojson=AreaFeature),
    )
    def get(self, request: Request, area_id: int) -> Response:
        area = counted_areas().filter(pk=area_id).first()
        if area is None:
            raise Http404
        return Response(area_feature(area) if self.wants_geojson(request) else area_record(area))


def area_record(area: ProducingArea) -> AreaRecord:
    """A producing area in JSON types; it must come from `counted_areas`."""
    inside = area.geometry.point_on_surface
    return {
        "id": area.pk,
        "site_code": area.site_code,
        "name": area.name,
        "aliases": list(area.aliases),
        "country": area.country,
        "kind": str(area.kind),
        "minerals": list(area.minerals),
        "operator": area.operator,
        "lon": inside.x,
        "lat": inside.y,
        "accuracy_m": area.accuracy_m,
        "is_approximate": area.is_approximate,
        "source": area.source,
        "source_date": area.source_date.isoformat() if area.source_date else None,
        "licence": area.licence,
        "note": area.note,
        "is_retired": area.retired_on is not None,
        "incidents": getattr(area, "incidents", 0),
    }


def area_feature(area: ProducingArea) -> AreaFeature:
    """A producing area as a GeoJSON feature in the shape that is known of it."""
    return {
        "type": "Feature",
        "id": area.pk,
        "geometry": json.loads(area.geometry.geojson),
        "properties": area_record(area),
    }


def areas_of(request: Request) -> QuerySet[ProducingArea]:
    """The areas that `country`, `kind` and `q` ask for. Raises FilterError, InvalidParameter."""
    # What several sources have is one place: the row that leads.
    areas = counted_areas().leading().order_by("country", "name", "pk")
    if countries := filter_of(request, "country").country:
        areas = areas.filter(country__in=countries)
    if kinds := words_of(request, "kind", AreaKind.values, str.lower):
        areas = areas.filter(kind__in=kinds)
    if name := str(request.query_params.get("q", "")).strip():
        if "\0" in name:
            raise InvalidParameter("q", _("A name holds no NUL character."))
        if len(name) > _LONGEST_NAME:
            raise InvalidParameter("q", _("At most %(limit)s characters.") % {"limit": _LONGEST_NAME})
        similar = [
            match.place.id for match in current_gazetteer().matches(name) if match.place.kind == "area"
        ]
        areas = areas.filter(Q(name__icontains=name) | Q(pk__in=similar))
    return areas


def counted_areas() -> AreaQuerySet:
    """Areas with the number of published incidents near each."""
    # A retracted incident has no links any more.
    return ProducingArea.objects.annotate(incidents=Count("published_links"))
