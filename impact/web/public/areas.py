"""Producing areas: all of them, and one with what was published near it."""

import json

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.places.basemap import COUNTRY_NAMES, country_name
from impact.places.models import ProducingArea
from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.summaries.charts import month_chart, theme_chart
from impact.vocabulary import AreaKind, Mineral
from impact.web.public.listing import listed_incident

_ROWS = 50
_LISTED = 20


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    """Producing areas by name, country and kind."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    country = request.GET.get("country", "").upper()
    kind = request.GET.get("kind", "")
    areas = ProducingArea.objects.annotate(incidents=Count("published_links")).order_by(
        "country", "name", "pk"
    )
    if query:
        areas = areas.filter(Q(name__icontains=query) | Q(operator__icontains=query))
    if country in COUNTRY_NAMES:
        areas = areas.filter(country=country)
    if kind in AreaKind.values:
        areas = areas.filter(kind=kind)
    page = Paginator(areas, _ROWS).get_page(request.GET.get("page"))
    rows = [
        {"area": area, "country": country_name(area.country), "minerals": mineral_words(area)}
        for area in page
    ]
    return render(
        request,
        "public/areas.html",
        {
            "page": page,
            "rows": rows,
            "query": query,
            "country": country,
            "kind": kind,
            "countries": sorted(
                ((code, str(name)) for code, name in COUNTRY_NAMES.items()), key=lambda c: c[1]
            ),
            "kinds": AreaKind.choices,
            "page_query": urlencode({"q": query, "country": country, "kind": kind}),
        },
    )


@require_safe
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """One producing area: what it is, what was published near it, what is not known."""
    found = get_object_or_404(ProducingArea, pk=pk)
    near = IncidentFilter(area=found.pk)
    incidents = list(published_incidents(near))
    return render(
        request,
        "public/area.html",
        {
            "area": found,
            "country": country_name(found.country),
            "minerals": mineral_words(found),
            "aliases": ", ".join(found.aliases),
            "count": len(incidents),
            "incidents": [listed_incident(incident) for incident in incidents[:_LISTED]],
            "charts": [month_chart(near), theme_chart(near)] if incidents else [],
            "accuracy_km": round((found.accuracy_m or 0) / 1000),
            "map_options": {"basemap": reverse("web:basemap"), "incident": reverse("web:map") + "incidents/"},
            "picture": {
                "area": json.loads(found.geometry.geojson),
                "kind": found.kind,
                "incidents": [
                    {"lon": one.longitude, "lat": one.latitude, "theme": one.theme, "id": str(one.pk)}
                    for one in incidents
                    if one.longitude is not None
                ],
            },
        },
    )


def mineral_words(area: ProducingArea) -> str:
    """The minerals in words; or that they are not known."""
    known = set(Mineral.values)
    return ", ".join(str(Mineral(code).label) if code in known else code for code in area.minerals) or _(
        "not known"
    )
