"""Producing areas for staff: found by name, source and state, on a map and in a list; what may be one."""

import json
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from impact.accounts.permissions import moderator_required
from impact.places.area_records import AreaPair
from impact.places.basemap import country_name
from impact.places.models import ProducingArea
from impact.vocabulary import AreaKind
from impact.web.desk.wording import distance_words, minerals_words

_ROWS = 50
_SIMPLE_DEGREES = 0.002
_OPEN_PAIR = Q(pairs_first__verdict=AreaPair.Verdict.OPEN) | Q(pairs_second__verdict=AreaPair.Verdict.OPEN)

STATES: dict[str, tuple[Any, Q]] = {
    "in_use": (_("In use"), Q(joined_to__isnull=True, retired_on__isnull=True)),
    "suggested": (_("Perhaps the same as another"), Q(joined_to__isnull=True) & _OPEN_PAIR),
    "absent": (_("No longer in its source"), Q(absent_since__isnull=False)),
    "retired": (_("Retired"), Q(retired_on__isnull=False)),
    "joined": (_("Joined to another"), Q(joined_to__isnull=False)),
    "all": (_("All"), Q()),
}


@require_safe
@moderator_required
def area_list(request: HttpRequest) -> HttpResponse:
    """Areas by words, country, kind, source and state, one page of them."""
    chosen = {name: request.GET.get(name, "").replace("\0", "").strip()[:200] for name in
              ("q", "country", "kind", "source", "state")}  # fmt: skip
    chosen["state"] = chosen["state"] if chosen["state"] in STATES else "in_use"
    page = Paginator(_found(chosen), _ROWS).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    return render(
        request,
        "desk/areas/list.html",
        {
            "page": page,
            "rows": [
                {
                    "area": area,
                    "country": country_name(area.country),
                    "minerals": minerals_words(area.minerals),
                }
                for area in rows
            ],
            "chosen": chosen,
            "states": [(name, label) for name, (label, _) in STATES.items()],
            "countries": _countries(),
            "kinds": AreaKind.choices,
            "sources": ProducingArea.objects.order_by("source_name")
            .values_list("source_name", flat=True)
            .distinct(),
            "pairs": AreaPair.objects.filter(verdict=AreaPair.Verdict.OPEN).count(),
            "page_query": urlencode(chosen),
            "map_options": {"basemap": reverse("web:basemap")},
            "shapes": shapes(rows),
        },
    )


@require_safe
@moderator_required
def area_pairs(request: HttpRequest) -> HttpResponse:
    """Areas of different sources that may be one place, the likeliest first."""
    pairs = AreaPair.objects.filter(
        verdict=AreaPair.Verdict.OPEN, one__joined_to__isnull=True, other__joined_to__isnull=True
    ).select_related("one", "other")
    page = Paginator(pairs, _ROWS).get_page(request.GET.get("page"))
    rows = [
        {"pair": pair, "distance": distance_words(pair.distance_m), "alike": round(pair.closeness * 100)}
        for pair in page.object_list
    ]
    return render(request, "desk/areas/pairs.html", {"page": page, "rows": rows})


def shapes(areas: list[ProducingArea]) -> dict[str, Any]:
    """Areas as the map draws them."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "name": area.name,
                    "kind": str(area.kind),
                    "url": reverse("desk:area", args=[area.pk]),
                },
                "geometry": json.loads(area.geometry.simplify(_SIMPLE_DEGREES, True).geojson),
            }
            for area in areas
        ],
    }


def _found(chosen: dict[str, str]) -> QuerySet[ProducingArea]:
    areas = ProducingArea.objects.filter(STATES[chosen["state"]][1])
    if words := chosen["q"]:
        areas = areas.filter(
            Q(name__icontains=words)
            | Q(other_names__name__icontains=words)
            | Q(operator__icontains=words)
            | Q(title_holder__icontains=words)
            | Q(source_key__iexact=words)
        )
    if chosen["country"]:
        areas = areas.filter(country=chosen["country"])
    if chosen["kind"] in AreaKind.values:
        areas = areas.filter(kind=chosen["kind"])
    if chosen["source"]:
        areas = areas.filter(source_name=chosen["source"])
    keys = areas.order_by().values("pk").distinct()
    return ProducingArea.objects.filter(pk__in=keys).order_by("country", "name", "pk")


def _countries() -> list[tuple[str, str]]:
    codes = ProducingArea.objects.order_by().values_list("country", flat=True).distinct()
    return sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1])
