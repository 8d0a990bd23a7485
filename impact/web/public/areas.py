"""Producing areas: all of them, and one with what was published near it."""

import json
from collections.abc import Collection
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.places.basemap import country_choices, country_codes, country_name
from impact.places.covered import countries_of_areas
from impact.places.models import ProducingArea
from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.freshness import fresh
from impact.publication.published import published_incidents
from impact.summaries.area_charts import months_chart
from impact.summaries.charts import theme_chart
from impact.summaries.tally import tally
from impact.vocabulary import AreaKind, Mineral
from impact.web.public import area_page
from impact.web.public.area_outline import HEIGHT, WIDTH, area_outline
from impact.web.public.area_points import incidents_near, published_points
from impact.web.public.areas_outline import areas_outline
from impact.web.public.citing import citation
from impact.web.public.listing import listed_incident

_ROWS = 50
_CHOICES = ("country", "kind", "mineral")
_LISTED, _LISTED_WHOLE = 5, 100


@require_safe
@fresh
def area_list(request: HttpRequest) -> HttpResponse:
    """Producing areas by name, country, kind and mineral: on a map and in a list."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    countries = _countries()
    error, status = None, 200
    try:
        chosen = _chosen(request, countries)
    except FilterError as refused:
        chosen, query, error, status = dict.fromkeys(_CHOICES, ""), "", refused, 400
    areas = _areas(query, **chosen)
    ordered = areas.order_by(_by_name(countries), "name", "pk")
    page = Paginator(ordered, _ROWS).get_page(request.GET.get("page"))
    incidents = incidents_near([area.pk for area in page])
    rows = [
        {
            "area": area,
            "country": country_name(area.country),
            "minerals": mineral_words(area),
            "incidents": incidents[area.pk],
        }
        for area in page
    ]
    return render(
        request,
        "public/areas.html",
        {
            "page": page,
            "rows": rows,
            "query": query,
            "filter_error": error,
            **chosen,
            "outline": areas_outline(areas),
            "countries": countries.items(),
            "kinds": AreaKind.choices,
            "minerals": Mineral.choices,
            "page_query": urlencode({"q": query, **chosen}),
        },
        status=status,
    )


@require_safe
@fresh
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """One producing area: what it is, what was published near it, what it produces, what is not known."""
    found = get_object_or_404(ProducingArea.objects.select_related("joined_to"), pk=pk)
    if found.joined_to_id:
        return redirect("web:area", found.joined_to_id)
    near = IncidentFilter(area=found.pk)
    points = published_points(near)
    is_whole = "all" in request.GET
    latest = published_incidents(near)[: _LISTED_WHOLE if is_whole else _LISTED]
    around = area_page.neighbours(found)
    production = area_page.production(found)
    counted = tally(near)
    months = months_chart(counted.months, found.country)
    title = _("%(area)s, %(country)s: what was published near this producing area") % {
        "area": found.name,
        "country": country_name(found.country),
    }
    context: dict[str, Any] = {
        "area": found,
        "citation": citation(title, "web:area", found.pk),
        "country": country_name(found.country),
        "minerals": mineral_words(found),
        "aliases": list(found.other_names.all()) or [{"name": name} for name in found.aliases],
        "activity": area_page.period_of_activity(found),
        "count": counted.total,
        "incidents": [listed_incident(incident) for incident in latest],
        "is_whole": is_whole,
        "pattern": area_page.pattern_words(found),
        "charts": [chart for chart in (months, theme_chart(counted) if counted.total else None) if chart],
        "production": production,
        "neighbours": around,
        "sources": [found, *found.members.order_by("source_name", "pk")],
        "not_known": area_page.not_known(found, bool(production["rows"])),
        "accuracy_km": round((found.accuracy_m or 0) / 1000),
        "outline": area_outline(found, points, [one.area for one in around]),
        "width": WIDTH,
        "height": HEIGHT,
        "map_options": {"basemap": reverse("web:basemap"), "incident": reverse("web:map") + "incidents/"},
        "picture": {
            "area": json.loads(found.geometry.geojson),
            "kind": found.kind,
            "incidents": [point.as_json() for point in points],
        },
    }
    return render(request, "public/area.html", context)


def mineral_words(area: ProducingArea) -> str:
    """The minerals in words; or that they are not known."""
    known = set(Mineral.values)
    return ", ".join(str(Mineral(code).label) if code in known else code for code in area.minerals) or _(
        "not known"
    )


def _areas(query: str, country: str, kind: str, mineral: str) -> QuerySet[ProducingArea]:
    areas = ProducingArea.objects.in_use()
    if query:
        areas = areas.filter(
            Q(name__icontains=query) | Q(operator__icontains=query) | Q(aliases__icontains=query)
        )
    if country:
        areas = areas.filter(country=country)
    if kind:
        areas = areas.filter(kind=kind)
    if mineral:
        areas = areas.filter(minerals__icontains=f'"{mineral}"')
    return areas


def _countries() -> dict[str, str]:
    """The countries that have areas, by code, in the order of their names in the active language."""
    return dict(country_choices(countries_of_areas()))


def _by_name(countries: dict[str, str]) -> Case:
    places = [When(country=code, then=Value(place)) for place, code in enumerate(countries)]
    return Case(*places, default=Value(len(places)))


def _chosen(request: HttpRequest, countries: Collection[str]) -> dict[str, str]:
    """Raises FilterError, which names the parameter that is wrong."""
    known = (country_codes() | {*countries}, AreaKind.values, Mineral.values)
    chosen = {name: request.GET.get(name, "").strip() for name in _CHOICES}
    chosen["country"] = chosen["country"].upper()
    for (name, word), words in zip(chosen.items(), known, strict=True):
        if word and word not in words:
            said = (
                _("No such country: %(codes)s") if name == "country" else _("“%(codes)s” is not known here.")
            )
            called = {"kind": _("Kind of mining"), "mineral": _("Mineral")}.get(name, "")
            raise FilterError(name, said % {"codes": word[:40]}, called)
    return chosen
