"""Charts of what is published, each with its table, and the same incidents in the words of others."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.crosswalks import CROSSWALKS
from impact.places.basemap import country_name
from impact.publication.coverage import reporting_stamp
from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.publication.freshness import answer_fresh
from impact.publication.snapshots.taking import latest_snapshot
from impact.summaries.area_charts import rate_chart
from impact.summaries.charts import Chart, country_chart, kind_chart
from impact.summaries.explore import credibility_chart, people_chart, perpetrator_chart, verification_chart
from impact.summaries.explore_crosswalk import crosswalk_chart
from impact.summaries.explore_trend import trend_chart
from impact.summaries.explore_waits import waits_chart
from impact.summaries.explore_years import years_chart
from impact.summaries.headline import headline
from impact.summaries.rates import country_rates
from impact.summaries.tally import Tally, tally
from impact.web.public.area_page import production_rows, shown_rates
from impact.web.public.filter_fields import harm_fields, select_fields

_SELECTS = ("theme", "country", "kind", "mineral", "perpetrator", "verification")
_FORM_FIELDS = (*_SELECTS, "harm", "from", "to")
_FIRST_CROSSWALK = "asks"
_YEARS = 4


@require_safe
def explore(request: HttpRequest) -> HttpResponseBase:
    """The charts for a filter that is in the address, with `by` for the crosswalk."""
    return answer_fresh(request, lambda: _page(request), also=reporting_stamp())


def _page(request: HttpRequest) -> HttpResponse:
    given = filter_parameters(request.GET)
    error, status = None, 200
    chosen, by = IncidentFilter(), _FIRST_CROSSWALK
    try:
        chosen = IncidentFilter.parse(given)
        by = _crosswalk(request.GET.get("by", ""))
    except FilterError as refused:
        chosen, given, error, status = IncidentFilter(), {}, refused, 400
    parameters = chosen.as_params()
    counted = tally(chosen)
    found = headline(counted)
    context: dict[str, Any] = {
        "headline": found,
        "filter_words": chosen.words(),
        "filter_error": error,
        "fields": select_fields(given, _SELECTS),
        "harms": harm_fields(given),
        "from": given.get("from", ""),
        "to": given.get("to", ""),
        "kept": {name: value for name, value in parameters.items() if name not in _FORM_FIELDS},
        "by": by,
        "query": urlencode(parameters),
        "snapshot": latest_snapshot(),
    }
    if found.incidents:
        context |= {
            "charts": _charts(counted),
            "production": _production(chosen),
            "crosswalk_charts": [crosswalk_chart(chosen, by)],
            "crosswalks": [
                {
                    "label": crosswalk.label,
                    "query": urlencode({**parameters, "by": code}),
                    "is_current": code == by,
                }
                for code, crosswalk in CROSSWALKS.items()
            ],
        }
    return render(request, "public/explore.html", context, status=status)


def _charts(counted: Tally) -> list[Chart]:
    charts = (
        trend_chart(counted),
        years_chart(counted),
        country_chart(counted) if len(counted.chosen.country) != 1 else None,
        kind_chart(counted),
        perpetrator_chart(counted),
        people_chart(counted),
        verification_chart(counted),
        credibility_chart(counted),
        waits_chart(),
    )
    return [chart for chart in charts if chart is not None]


def _production(chosen: IncidentFilter) -> dict[str, Any] | None:
    """Harm against production, where one country is chosen: rates do not rank countries."""
    if len(chosen.country) != 1:
        return None
    found = country_rates(chosen.country[0], chosen=chosen, years=_YEARS)
    chart = rate_chart(shown_rates(found.rates))
    return {
        "country": country_name(found.country),
        "effort": found.effort.words,
        "rows": production_rows(list(found.rates)),
        "charts": [chart] if chart else [],
        "sources": sorted({source for rate in found.rates for source in rate.sources}),
    }


def _crosswalk(by: str) -> str:
    if by and by not in CROSSWALKS:
        raise FilterError(
            "by", _("“%(word)s” is not one of: %(known)s.") % {"word": by, "known": ", ".join(CROSSWALKS)}
        )
    return by or _FIRST_CROSSWALK
