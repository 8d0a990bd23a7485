"""Producing areas of a box for the map: shape, kind, and what each produces where that is disclosed."""

import json
from collections import defaultdict
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.places.boxes import areas_touching
from impact.places.models import ProducingArea, ProductionFigure
from impact.places.production.figures import Output, outputs
from impact.publication.filtering import FilterError, IncidentFilter, areas_with_mineral
from impact.publication.freshness import fresh
from impact.vocabulary import ProductionKind
from impact.web.public.area_points import incidents_near

_MOST = 600  # more are a grey mass, and a megabyte
_PIXELS_A_DEGREE = 256 / 360
_DAYS_A_YEAR = Decimal("365.25")


@require_safe
@fresh
def map_areas(request: HttpRequest) -> HttpResponse:
    """GeoJSON of the areas of `bbox` at `zoom` that `country` and `kind` leave, those with most incidents
    near them first; `left_out` says how many more there are."""
    try:
        chosen = IncidentFilter.parse(
            {name: request.GET.get(name, "") for name in ("bbox", "country", "kind", "mineral", "area")}
        )
        zoom = _zoom(request.GET.get("zoom", ""))
    except FilterError as refused:
        return JsonResponse(
            {"parameter": refused.parameter, "detail": refused.message}, status=HTTPStatus.BAD_REQUEST
        )
    areas = ProducingArea.objects.in_use()
    if chosen.bbox:
        areas = areas.filter(areas_touching(chosen.bbox))
    if chosen.country:
        areas = areas.filter(country__in=chosen.country)
    if chosen.kind:
        areas = areas.filter(kind__in=chosen.kind)
    if chosen.mineral:
        areas = areas.filter(pk__in=areas_with_mineral(chosen.mineral).values("pk"))
    incidents = incidents_near(keys := list(areas.values_list("pk", flat=True)))
    found = sorted(keys, key=lambda key: (-incidents[key], key))
    shown = ProducingArea.objects.in_bulk(found[:_MOST])
    produced = _latest_outputs(list(shown))
    return JsonResponse(
        {
            "type": "FeatureCollection",
            "features": [
                _feature(shown[key], incidents[key], zoom, produced.get(key))
                for key in found[:_MOST]
                if key in shown
            ],
            "left_out": max(len(found) - _MOST, 0),
        }
    )


def _feature(area: ProducingArea, incidents: int, zoom: int, output: Output | None) -> dict[str, Any]:
    shape = shapely.from_wkb(bytes(area.geometry.wkb))
    pixel = 1 / (_PIXELS_A_DEGREE * 2**zoom)
    west, south, east, north = shape.bounds
    if max(east - west, north - south) < 10 * pixel:
        shape = shapely.point_on_surface(shape)
    else:
        shape = shapely.simplify(shape, pixel)
    properties: dict[str, Any] = {"name": area.name, "kind": str(area.kind), "incidents": incidents}
    if output is not None and output.carats is not None:
        properties["carats"] = round(output.carats)
        properties["carats_a_year"] = round(output.carats / output.period.days * _DAYS_A_YEAR)
        properties["period"] = output.period.label
        properties["source"] = output.source_name
    return {
        "type": "Feature",
        "id": area.pk,
        "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 0.0001))),
        "properties": properties,
    }


def _latest_outputs(keys: list[int]) -> dict[int, Output]:
    """What each area is said to have produced last: all of it together, else the part that is disclosed."""
    by_area: dict[int, list[ProductionFigure]] = defaultdict(list)
    for figure in ProductionFigure.objects.filter(superseded_at__isnull=True, area__in=keys):
        if figure.area_id is not None:
            by_area[figure.area_id].append(figure)
    latest = {}
    for key, figures in by_area.items():
        disclosed = [output for output in outputs(figures) if output.carats is not None]
        if disclosed:
            latest[key] = max(
                disclosed, key=lambda one: (one.period.to_on, one.kind == ProductionKind.TOTAL, one.carats)
            )
    return latest


def _zoom(text: str) -> int:
    if not text:
        return 4
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= 22):
        raise FilterError("zoom", _("A whole number from %(least)s to %(most)s.") % {"least": 0, "most": 22})
    return int(text)
