"""The public map: the sentence first, then the map, the list, the charts. And the map alone, to embed."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from impact.places.basemap import country_name
from impact.publication.coverage import efforts
from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.publication.freshness import fresh
from impact.publication.published import published_incidents
from impact.publication.snapshots.taking import latest_snapshot
from impact.summaries.charts import country_chart, kind_chart, month_chart, theme_chart
from impact.summaries.headline import headline
from impact.summaries.tally import Tally, tally
from impact.vocabulary import Theme
from impact.web.public.filter_fields import harm_fields, select_fields
from impact.web.public.listing import listed_incident
from impact.web.public.map_options import map_options, with_tiles_allowed
from impact.web.public.map_view import MapView
from impact.web.public.outline import outline_map
from impact.web.public.timeline import timeline

_ROWS = 12
_SHOWN = ("theme", "country", "kind", "mineral")
_FOLDED = ("perpetrator", "verification")
_FORM_FIELDS = (*_SHOWN, "harm", *_FOLDED, "from", "to")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The map of what is published, for a filter and a view that are in the address."""
    return embed(request) if request.GET.get("embed") == "1" else _page(request)


@fresh
def _page(request: HttpRequest) -> HttpResponse:
    chosen, view, error = _asked(request)
    counted = tally(chosen)
    pages = Paginator(published_incidents(chosen), _ROWS)
    pages.count = counted.total  # it would count them once more
    page = pages.get_page(request.GET.get("page"))
    given = filter_parameters(request.GET)
    parameters = chosen.as_params()
    context: dict[str, Any] = {
        **_shown(counted, view),
        "filter_words": chosen.words(),
        "filter_error": error,
        "values": {name: given.get(name, "") for name in _FORM_FIELDS},
        "narrowed": any(given.get(name) for name in ("harm", *_FOLDED)),
        "kept": {name: value for name, value in parameters.items() if name not in _FORM_FIELDS},
        "view": view,
        "shown_fields": select_fields(given, _SHOWN),
        "folded_fields": select_fields(given, _FOLDED),
        "harms": harm_fields(given),
        "page": page,
        "incidents": [listed_incident(incident) for incident in page],
        "charts": [month_chart(counted), theme_chart(counted), country_chart(counted), kind_chart(counted)]
        if counted.total
        else [],
        "efforts": [
            (country_name(effort.country), effort) for effort in efforts(chosen.from_on, chosen.to_on)
        ],
        "snapshot": latest_snapshot(),
    }
    response = render(request, "public/map.html", context, status=400 if error else 200)
    return with_tiles_allowed(response)


@require_safe
@xframe_options_exempt
@fresh
def embed(request: HttpRequest) -> HttpResponse:
    """The sentence and the map alone, which any page may frame: nothing here can be pressed but links."""
    chosen, view, error = _asked(request)
    context = {**_shown(tally(chosen), view), "filter_words": chosen.words(), "filter_error": error}
    response = render(request, "public/embed.html", context, status=400 if error else 200)
    response._csp_replace = {"frame-ancestors": ["*"]}  # type: ignore[attr-defined]
    return with_tiles_allowed(response)


def _asked(request: HttpRequest) -> tuple[IncidentFilter, MapView, FilterError | None]:
    """The filter and the view of an address; everything, and what is wrong, where one of them cannot be."""
    try:
        return IncidentFilter.parse(filter_parameters(request.GET)), MapView.parse(request.GET.dict()), None
    except FilterError as refused:
        return IncidentFilter(), MapView(), refused


def _shown(counted: Tally, view: MapView) -> dict[str, Any]:
    chosen = counted.chosen
    months = timeline(counted)
    address = urlencode(chosen.as_params() | view.as_params())
    return {
        "headline": headline(counted),
        "outline": outline_map(chosen),
        "timeline": months,
        "themes": Theme.choices,
        "query": urlencode(chosen.as_params()),
        "address": f"{settings.PUBLIC_URL}{reverse('web:map')}" + (f"?{address}" if address else ""),
        "embed_address": f"{settings.PUBLIC_URL}{reverse('web:embed')}" + (f"?{address}" if address else ""),
        "map_options": map_options(chosen, view, months.words),
    }
