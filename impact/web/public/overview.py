"""The public map: the sentence first, then the map, then the list, then the charts."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from impact.places.basemap import COUNTRY_NAMES
from impact.publication.filtering import PARAMETERS, FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.published import published_incidents
from impact.summaries.charts import country_chart, kind_chart, month_chart, theme_chart
from impact.summaries.statistics import headline
from impact.vocabulary import AreaKind, Theme
from impact.web.public.listing import listed_incident
from impact.web.public.outline import outline_map

_ROWS = 12
_FORM_FIELDS = ("theme", "country", "kind", "from", "to")


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The map of what is published, for a filter that is in the address."""
    given = {name: request.GET[name] for name in PARAMETERS if name in request.GET}
    error, status = None, 200
    try:
        chosen = IncidentFilter.parse(given)
    except FilterError as refused:
        chosen, error, status = IncidentFilter(), refused, 400
    parameters = chosen.as_params()
    page = Paginator(published_incidents(chosen), _ROWS).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "headline": headline(chosen),
        "filter_words": chosen.words(),
        "filter_error": error,
        "values": {name: given.get(name, "") for name in _FORM_FIELDS},
        "kept": {name: value for name, value in parameters.items() if name not in _FORM_FIELDS},
        "themes": Theme.choices,
        "kinds": [choice for choice in AreaKind.choices if choice[0] != AreaKind.UNKNOWN],
        "countries": sorted(((code, str(name)) for code, name in COUNTRY_NAMES.items()), key=lambda c: c[1]),
        "page": page,
        "incidents": [listed_incident(incident) for incident in page],
        "query": urlencode(parameters),
        "charts": [month_chart(chosen), theme_chart(chosen), country_chart(chosen), kind_chart(chosen)]
        if page.paginator.count
        else [],
        "outline": outline_map(chosen),
        "snapshot": Snapshot.objects.defer("rows").filter(filter={}).order_by("-created_at").first(),
        "map_options": {
            "clusters": reverse("reports_api:clusters"),
            "areas": f"{reverse('reports_api:areas')}?format=geojson&limit=1000",
            "incident": reverse("web:map") + "incidents/",
            "area": reverse("web:areas"),
            "basemap": reverse("web:basemap"),
            "filter": parameters,
        },
    }
    return render(request, "public/map.html", context, status=status)
