"""Harm set against production: what was published per million carats and per million dollars.

A rate is only told where production is disclosed for the whole stretch of time that the harm is counted
in, always with the counts beside it, an exact interval and a warning under five incidents. It says how
often harm came to be known beside how much was produced; never that one country is worse than another.
docs/method.md tells the method and its limits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from django.db.models import FilteredRelation, Q, TextField
from django.db.models.functions import Cast

from impact.places.models import ProducingArea
from impact.places.production.figures import Output, current_figures, outputs
from impact.places.production.periods import Period
from impact.publication.coverage import Effort, effort
from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.summaries.poisson import Interval, poisson_interval, weighted_interval
from impact.vocabulary import AreaKind, DatePrecision, Mineral, PeopleKind, ProductionKind

FEW_INCIDENTS = 5
_MILLION = Decimal(1_000_000)
KIND_OF_AREA = {
    AreaKind.ARTISANAL: ProductionKind.ARTISANAL,
    AreaKind.INDUSTRIAL: ProductionKind.INDUSTRIAL,
}


class Disclosure(Enum):
    """What is known of the production that harm is set against."""

    DISCLOSED = "disclosed"
    NOTHING_PRODUCED = "nothing_produced"
    NOT_DISCLOSED = "not_disclosed"  # the source names the figure and keeps it back
    NOT_STATED = "not_stated"  # no figure of this kind is held here


@dataclass(frozen=True, slots=True)
class CountedIncident:
    """What of a published incident counts here: when, beside which kind of area, how many people.

    `until` is the last day of one that is known by its year alone: it counts only where production is stated
    for all of that.
    """

    on: date
    kind: ProductionKind | None
    people: int | None
    until: date | None = None

    def is_within(self, periods: Sequence[Period]) -> bool:
        """Whether it happened in one of these stretches of time, which overlap nowhere and are in order."""
        if self.until is None:
            return any(period.from_on <= self.on <= period.to_on for period in periods)
        days = (self.until - self.on).days + 1
        touched = [period for period in periods if period.from_on <= self.until and self.on <= period.to_on]
        covered = sum(
            (min(period.to_on, self.until) - max(period.from_on, self.on)).days + 1 for period in touched
        )
        return covered >= days


@dataclass(frozen=True, slots=True)
class HarmRate:
    """Harm and production of one kind in one year, or in the part of it that production is stated for."""

    country: str
    area_id: int | None
    year: int
    kind: ProductionKind
    periods: tuple[Period, ...]
    incidents: int
    people: int | None  # None: no incident counts anybody
    without_people: int
    carats: Decimal | None
    value_usd: Decimal | None
    carats_disclosed: Disclosure
    value_disclosed: Disclosure
    is_approximate: bool
    sources: tuple[str, ...]
    incidents_per_mct: Interval | None
    incidents_per_musd: Interval | None
    people_per_mct: Interval | None
    people_per_musd: Interval | None

    @property
    def is_few(self) -> bool:
        """Too few incidents for the rate to carry weight."""
        return self.incidents < FEW_INCIDENTS

    @property
    def is_whole_year(self) -> bool:
        return sum(period.days for period in self.periods) >= 365


@dataclass(frozen=True, slots=True)
class CountryRates:
    """A country's rates with the reporting effort of the same years: never the one without the other."""

    country: str
    rates: tuple[HarmRate, ...]
    effort: Effort


def area_rates(area_id: int) -> list[HarmRate]:
    """By year and kind, latest first: incidents of which this is the nearest area, against its production."""
    figures = outputs(current_figures(area_id=area_id))
    if not figures:
        return []
    return rates_of(figures, _counted(IncidentFilter(area=area_id), nearest_area=area_id))


def country_rates(
    country: str, *, chosen: IncidentFilter | None = None, years: int | None = None
) -> CountryRates:
    """By year and kind, latest first: incidents beside diamond diggings against the country's production.

    `years` leaves only the latest with figures. Of what is chosen, theme, harm, perpetrator and verification
    hold. Its days and places don't: a rate sets the whole country's incidents of a year against the whole
    country's production.
    """
    chosen = chosen or IncidentFilter()
    figures = outputs(current_figures(country=country))
    shown = sorted({output.period.from_on.year for output in figures})[-years if years else 0 :]
    if not shown:
        return CountryRates(country, (), effort(country))
    stated = [output for output in figures if output.period.from_on.year in shown]
    first, last = date(shown[0], 1, 1), date(shown[-1], 12, 31)
    narrowed = IncidentFilter(
        theme=chosen.theme,
        harm=chosen.harm,
        perpetrator=chosen.perpetrator,
        verification=chosen.verification,
        country=(country,),
        from_on=first,
        to_on=max(output.period.to_on for output in stated),
    )
    return CountryRates(country, tuple(rates_of(stated, _counted(narrowed))), effort(country, first, last))


def rates_of(figures: Sequence[Output], counted: Sequence[CountedIncident]) -> list[HarmRate]:
    """By year and kind, latest first: what was counted against what one country or area produced."""
    in_order = sorted(counted, key=_day)
    rates = []
    for year in sorted({output.period.from_on.year for output in figures}, reverse=True):
        of_year = [output for output in figures if output.period.from_on.year == year]
        first = min(output.period.from_on for output in of_year)
        last = max(output.period.to_on for output in of_year)
        near = in_order[bisect_left(in_order, first, key=_day) : bisect_right(in_order, last, key=_day)]
        rates += [
            _rate(year, kind, of_year, near)
            for kind in (ProductionKind.TOTAL, ProductionKind.ARTISANAL, ProductionKind.INDUSTRIAL)
        ]
    return rates


def _day(incident: CountedIncident) -> date:
    return incident.on


def _rate(
    year: int, kind: ProductionKind, of_year: list[Output], counted: Sequence[CountedIncident]
) -> HarmRate:
    stated = _of_kind(of_year, kind)
    periods = tuple(sorted({output.period for output in stated} or {output.period for output in of_year}))
    beside = [
        incident
        for incident in counted
        if incident.is_within(periods) and kind in {ProductionKind.TOTAL, incident.kind}
    ]
    people = [incident.people for incident in beside if incident.people is not None]
    carats, carats_disclosed = _added([output.carats for output in stated])
    value, value_disclosed = _added([output.value_usd for output in stated])
    first = of_year[0]
    return HarmRate(
        country=first.country,
        area_id=first.area_id,
        year=year,
        kind=kind,
        periods=periods,
        incidents=len(beside),
        people=sum(people) if people or not beside else None,
        without_people=len(beside) - len(people),
        carats=carats,
        value_usd=value,
        carats_disclosed=carats_disclosed,
        value_disclosed=value_disclosed,
        is_approximate=any(output.is_approximate for output in stated),
        sources=tuple(dict.fromkeys(output.source for output in stated)),
        incidents_per_mct=_per_million(len(beside), carats),
        incidents_per_musd=_per_million(len(beside), value),
        people_per_mct=_people_per_million(people, carats) if people or not beside else None,
        people_per_musd=_people_per_million(people, value) if people or not beside else None,
    )


def _of_kind(of_year: list[Output], kind: ProductionKind) -> list[Output]:
    """What is stated of a kind; the total of stretches without one is what their kinds add up to."""
    own = [output for output in of_year if output.kind == kind]
    if kind != ProductionKind.TOTAL:
        return own
    told = [output.period for output in own]
    parts = [
        output
        for output in of_year
        if output.kind != ProductionKind.TOTAL
        and not any(
            period.from_on <= output.period.to_on and output.period.from_on <= period.to_on for period in told
        )
    ]
    return own + parts


def _added(numbers: list[Decimal | None]) -> tuple[Decimal | None, Disclosure]:
    if not numbers:
        return None, Disclosure.NOT_STATED
    total = Decimal(0)
    for number in numbers:
        if number is None:
            return None, Disclosure.NOT_DISCLOSED
        total += number
    return total, Disclosure.DISCLOSED if total else Disclosure.NOTHING_PRODUCED


def _per_million(count: int, produced: Decimal | None) -> Interval | None:
    return poisson_interval(count, float(produced / _MILLION)) if produced else None


def _people_per_million(people: list[int], produced: Decimal | None) -> Interval | None:
    return weighted_interval(people, float(produced / _MILLION)) if produced else None


def _counted(chosen: IncidentFilter, nearest_area: int | None = None) -> list[CountedIncident]:
    """Incidents of diamond diggings with a known day; `nearest_area` narrows to those of which it is the
    nearest."""
    incidents = (
        published_incidents(chosen)
        .filter(occurred_from__isnull=False)
        .annotate(nearest=FilteredRelation("area_links", condition=Q(area_links__rank=0)))
        .order_by()
    )
    if nearest_area is not None:
        incidents = incidents.filter(nearest__area=nearest_area)
    areas = {
        key: (KIND_OF_AREA.get(AreaKind(kind)), Mineral.DIAMOND in minerals)
        for key, kind, minerals in ProducingArea.objects.values_list("pk", "kind", "minerals")
    }
    # As text: to read a list out of the JSON of every row takes longer than all the rest.
    rows = incidents.annotate(dug=Cast("minerals", TextField())).values_list(
        "occurred_from", "occurred_to", "occurred_precision", "dug", "nearest__area_id", *PeopleKind.values
    )
    counted = []
    for on, last, precision, dug, area, *people in rows:
        kind, is_of_diamonds = areas.get(area, (None, False))
        if is_of_diamonds or f'"{Mineral.DIAMOND}"' in dug:
            known = [count for count in people if count is not None]
            until = last if precision == DatePrecision.YEAR else None
            counted.append(CountedIncident(on, kind, sum(known) if known else None, until))
    return counted
