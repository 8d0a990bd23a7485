"""What the page of one producing area says, gathered from the public tables and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from impact.places.basemap import country_name
from impact.places.models import ProducingArea
from impact.places.nearness.areas import nearby_areas
from impact.publication.coverage import coverage_months, effort
from impact.publication.filtering import IncidentFilter
from impact.publication.models import CoverageMonth
from impact.summaries.area_charts import rate_chart, rate_words
from impact.summaries.charts import Chart
from impact.summaries.pattern import pattern
from impact.summaries.pattern_words import (
    pattern_sentence,
    recurring_sentences,
    trend_sentence,
    verdict_sentence,
)
from impact.summaries.poisson import Interval
from impact.summaries.rates import Disclosure, HarmRate, area_rates, country_rates
from impact.vocabulary import AreaKind, Mineral, ProductionKind
from impact.web.public.amounts import carat_words, dollar_words

NEIGHBOURS_WITHIN_M = 100_000.0
_NEIGHBOURS = 6
_YEARS = 4


@dataclass(frozen=True, slots=True)
class ProductionRow:
    """One year and kind in words: what was produced, the harm beside it, the rates with their intervals."""

    year: str
    kind: str
    is_total: bool
    carats: str
    value: str
    incidents: int
    people: str
    per_mct: str
    per_musd: str
    people_per_mct: str
    is_few: bool
    is_finding: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    area: ProducingArea
    km: int


def pattern_words(area: ProducingArea) -> dict[str, Any]:
    """The sentences about what repeats near an area."""
    found = pattern(IncidentFilter(area=area.pk), area.country)
    return {
        "sentence": pattern_sentence(found),
        "verdict": verdict_sentence(found) if found.incidents else "",
        "recurring": recurring_sentences(found),
        "trend": trend_sentence(found) if found.incidents else "",
    }


def production(area: ProducingArea) -> dict[str, Any]:
    """Production beside harm: the area's own, and its country's with the reporting effort.

    A country's figures are of diamonds: they stand beside no area where other minerals are known to be dug
    and diamonds are not.
    """
    own = area_rates(area.pk)
    country = country_rates(area.country, years=_YEARS)
    is_of_diamonds = Mineral.DIAMOND in area.minerals or not area.minerals
    shown = list(country.rates) if is_of_diamonds else []
    rows, country_rows = production_rows(own), production_rows(shown)
    return {
        "key": _latest_year(rows or country_rows),
        "is_own": bool(rows),
        "is_of_diamonds": is_of_diamonds,
        "rows": rows,
        "chart_list": _charts(own),
        "country_rows": country_rows,
        "country_chart_list": _charts(shown),
        "effort": country.effort.words,
        "sources": sorted({source for rate in (*own, *shown) for source in rate.sources}),
    }


def _latest_year(rows: list[ProductionRow]) -> list[ProductionRow]:
    return [row for row in rows if row.year == rows[0].year]


def _charts(rates: Sequence[HarmRate]) -> list[Chart]:
    chart = rate_chart(shown_rates(rates))
    return [chart] if chart else []


def production_rows(rates: list[HarmRate]) -> list[ProductionRow]:
    """The latest years, each kind a row; kinds that nobody states are left out but for the finding of it."""
    return [_row(rate) for rate in shown_rates(rates)]


def shown_rates(rates: Sequence[HarmRate]) -> list[HarmRate]:
    """The rates of the latest years that say something: no kind that nobody states, no total that only
    repeats its one kind."""
    years = sorted({rate.year for rate in rates}, reverse=True)[:_YEARS]
    shown = []
    for year in years:
        of_year = [rate for rate in rates if rate.year == year]
        kinds = [
            rate
            for rate in of_year
            if rate.kind != ProductionKind.TOTAL and rate.carats_disclosed is not Disclosure.NOT_STATED
        ]
        total = next(rate for rate in of_year if rate.kind == ProductionKind.TOTAL)
        repeats = len(kinds) == 1 and (kinds[0].carats, kinds[0].incidents) == (total.carats, total.incidents)
        shown += kinds if repeats else [total, *kinds]
    return shown


def neighbours(area: ProducingArea) -> list[Neighbour]:
    """The nearest other areas in use, with whole kilometres from the middle of this one."""
    inside = area.geometry.point_on_surface
    found = nearby_areas(
        inside.x,
        inside.y,
        within_m=NEIGHBOURS_WITHIN_M,
        limit=_NEIGHBOURS,
        left_out=frozenset({area.pk}),
    )
    whole = ProducingArea.objects.in_bulk([near.area.pk for near in found])  # with their shapes, to be drawn
    return [
        Neighbour(whole[near.area.pk], round(near.distance_m / 1000))
        for near in found
        if near.area.pk in whole
    ]


def not_known(area: ProducingArea, has_production: bool) -> list[str]:
    """What this page cannot say, in sentences: nobody should take a gap for a nought."""
    silent = sum(month.state == CoverageMonth.State.NO_COVERAGE for month in coverage_months(area.country))
    reporting = effort(area.country)
    country = country_name(area.country)
    gaps = [
        (area.geometry.geom_type == "Point", _("Its boundary: only a point is known.")),
        (area.is_approximate, _("Its exact place: the point is approximate.")),
        (area.kind == AreaKind.UNKNOWN, _("Whether it is artisanal or industrial.")),
        (not area.minerals, _("Which minerals come from it.")),
        (not area.operator and area.kind != AreaKind.ARTISANAL, _("Who works it.")),
        (not area.title_holder, _("Who holds the title, if anybody does.")),
        (not area.active_from, _("Since when it has been worked.")),
        (not has_production, _("What it produces: no figure of it is held here.")),
        (
            not reporting.first_on,
            _("Whether anybody could have reported: no report ever came from %(country)s.")
            % {"country": country},
        ),
        (
            bool(silent),
            _("What happened in %(count)s months without coverage in %(country)s.")
            % {"count": silent, "country": country},
        ),
        (True, _("Sexual violence here: it is told in counts by country and year alone.")),
    ]
    return [words for is_so, words in gaps if is_so]


def period_of_activity(area: ProducingArea) -> str:
    """Since and until when it was worked, as far as that is known; "" if it is not."""
    first, last = _year(area.active_from), _year(area.active_to)
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("since %(year)s") % {"year": first}
    return _("until %(year)s") % {"year": last} if last else ""


def _year(day: date | None) -> str:
    return str(day.year) if day else ""


def _row(rate: HarmRate) -> ProductionRow:
    about = "≈ " if rate.is_approximate else ""
    years = str(rate.year) if rate.is_whole_year else ", ".join(period.label for period in rate.periods)
    return ProductionRow(
        year=years,
        kind=str(rate.kind.label),
        is_total=rate.kind == ProductionKind.TOTAL,
        carats=_amount(rate.carats_disclosed, about + carat_words(rate.carats)),
        value=_amount(rate.value_disclosed, about + dollar_words(rate.value_usd)),
        incidents=rate.incidents,
        people=_people(rate),
        per_mct=_rate(rate.incidents_per_mct),
        per_musd=_rate(rate.incidents_per_musd),
        people_per_mct=_rate(rate.people_per_mct),
        is_few=rate.is_few and rate.incidents_per_mct is not None,
        is_finding=rate.carats_disclosed is Disclosure.NOT_DISCLOSED,
    )


def _amount(disclosed: Disclosure, words: str) -> str:
    return {
        Disclosure.DISCLOSED: words,
        Disclosure.NOTHING_PRODUCED: _("none produced"),
        Disclosure.NOT_DISCLOSED: _("not disclosed"),
        Disclosure.NOT_STATED: _("not stated"),
    }[disclosed]


def _people(rate: HarmRate) -> str:
    if rate.people is None:
        return _("not counted")
    if rate.without_people:
        return _("%(count)s, not counted in %(without)s incidents") % {
            "count": rate.people,
            "without": rate.without_people,
        }
    return str(rate.people)


def _rate(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    return _("%(rate)s (%(low)s to %(high)s)") % {
        "rate": rate_words(interval.rate),
        "low": rate_words(interval.low),
        "high": rate_words(interval.high),
    }
