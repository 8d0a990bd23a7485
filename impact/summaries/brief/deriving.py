"""What a brief works out from more than its incidents: rates against production, and what repeats.

Production is what was held when the snapshot was taken, areas and reporting are as they were then, so that no
correction changes an old brief.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from impact.crosswalks import ASKS, Ask
from impact.places.production.figures import current_figures, outputs
from impact.publication.coverage import Effort, together
from impact.publication.models import CoverageMonth, Snapshot
from impact.publication.published import PublishedRecord
from impact.publication.surroundings import Surroundings
from impact.summaries.brief.options import BriefOptions
from impact.summaries.pattern import Pattern, PatternRow, pattern_of
from impact.summaries.rates import KIND_OF_AREA, CountedIncident, HarmRate, rates_of
from impact.vocabulary import AreaKind, DatePrecision, Mineral, PeopleKind

MOST_COUNTRIES = 8


@dataclass(frozen=True, slots=True)
class CountryProduction:
    """Harm against what a country produced, total, artisanal and industrial, and the reporting behind it."""

    country: str
    year: int
    rates: tuple[HarmRate, ...]
    effort: Effort


@dataclass(frozen=True, slots=True)
class Derived:
    """`undisclosed`: countries that no production is held for. `patterns` of violence, by country; that of
    several together under ""."""

    production: tuple[CountryProduction, ...]
    undisclosed: tuple[str, ...]
    patterns: dict[str, Pattern]

    def as_json(self) -> list[dict[str, Any]]:
        """The numbers with all that they were worked out from, for figures.json."""
        return [*self._rates(), *self._patterns()]

    def _rates(self) -> Iterator[dict[str, Any]]:
        for made in self.production:
            for rate in made.rates:
                per_million = rate.incidents_per_mct
                yield {
                    "name": f"rate.{made.country}.{made.year}.{rate.kind}",
                    "incidents": rate.incidents,
                    "people": rate.people,
                    "carats": str(rate.carats) if rate.carats is not None else None,
                    "value_usd": str(rate.value_usd) if rate.value_usd is not None else None,
                    "incidents_per_million_carats": asdict(per_million) if per_million else None,
                    "interval": "exact Poisson, 95 % (Garwood 1936)",
                    "sources": list(rate.sources),
                }
            yield {
                "name": f"reporting.{made.country}.{made.year}",
                "reports": made.effort.reports,
                "is_exact": made.effort.is_exact,
                "most_reporters_in_a_month": made.effort.most_reporters,
                "months_covered": made.effort.months_covered,
                "months": made.effort.months,
            }

    def _patterns(self) -> Iterator[dict[str, Any]]:
        for country, found in self.patterns.items():
            yield {
                "name": f"pattern.{country or 'all'}",
                "incidents": found.incidents,
                "sites": found.sites,
                "months_with": found.months_with,
                "months_covered": found.months_covered,
                "is_widespread": found.is_widespread,
                "is_systematic": found.is_systematic,
                "recurring": [
                    {
                        "perpetrator": str(one.perpetrator),
                        "incidents": one.incidents,
                        "months": one.months,
                        "sites": one.sites,
                    }
                    for one in found.recurring
                ],
                "trend": {
                    "direction": found.trend.direction.value,
                    "p": found.trend.p,
                    "p_given_reports": found.trend.p_given_reports,
                }
                if found.trend
                else None,
            }


def derive(
    snapshot: Snapshot,
    surroundings: Surroundings,
    records: Sequence[PublishedRecord],
    options: BriefOptions,
) -> Derived:
    """Everything at once: the words and figures.json tell the same."""
    production, undisclosed = [], []
    for country in _countries(records):
        rates = _latest_rates(snapshot, surroundings, records, country)
        if rates:
            year = rates[0].year
            made = surroundings.effort(country, date(year, 1, 1), date(year, 12, 31))
            production.append(CountryProduction(country, year, tuple(rates), made))
        else:
            undisclosed.append(country)
    violent = _violent(records)
    countries = _countries(violent)
    covered = {
        country: surroundings.coverage_months(country, options.from_on, options.to_on)
        for country in {record["country"] for record in violent}
    }
    patterns = {}
    if len(covered) > 1:
        all_months = together(month for months in covered.values() for month in months)
        patterns[""] = _pattern(violent, all_months, options)
    for country in countries:
        of_country = [record for record in violent if record["country"] == country]
        patterns[country] = _pattern(of_country, covered[country], options)
    return Derived(tuple(production), tuple(undisclosed), patterns)


def _latest_rates(
    snapshot: Snapshot, surroundings: Surroundings, records: Sequence[PublishedRecord], country: str
) -> list[HarmRate]:
    """Total, artisanal and industrial, of the latest year that production was held for at the time."""
    figures = outputs(current_figures(country=country, as_of=snapshot.created_at))
    rates = rates_of(figures, _counted(surroundings, records, country)) if figures else []
    return [rate for rate in rates if rate.year == max(rate.year for rate in rates)]


def _counted(
    surroundings: Surroundings, records: Sequence[PublishedRecord], country: str
) -> list[CountedIncident]:
    """The incidents of a country beside diamond diggings, for rates."""
    counted = []
    for record in records:
        if record["country"] != country or not record["occurred_from"]:
            continue
        nearest = record["areas"][0] if record["areas"] else None
        dug = (*record["minerals"], *(surroundings.minerals_of(nearest["id"]) if nearest else ()))
        if Mineral.DIAMOND in dug:
            people = [record[kind] for kind in PeopleKind.values]  # type: ignore[literal-required]
            known = [count for count in people if count is not None]
            counted.append(
                CountedIncident(
                    on=date.fromisoformat(record["occurred_from"]),
                    kind=KIND_OF_AREA.get(AreaKind(nearest["kind"])) if nearest else None,
                    people=sum(known) if known else None,
                    until=date.fromisoformat(record["occurred_to"] or record["occurred_from"])
                    if record["occurred_precision"] == DatePrecision.YEAR
                    else None,
                )
            )
    return counted


def _violent(records: Sequence[PublishedRecord]) -> list[PublishedRecord]:
    rules = ASKS.rules[Ask.VIOLENCE]
    return [
        record
        for record in records
        if any(rule.holds(record["harms"], record["perpetrator"]) for rule in rules)
    ]


def _pattern(
    records: Sequence[PublishedRecord], covered: Sequence[CoverageMonth], options: BriefOptions
) -> Pattern:
    rows = [
        PatternRow(
            month=date.fromisoformat(f"{record['occurred_from'][:7]}-01")
            if record["occurred_from"] and record["occurred_precision"] != DatePrecision.YEAR
            else None,
            site=_site(record),
            perpetrator=record["perpetrator"],
        )
        for record in records
    ]
    return pattern_of(rows, covered, options.from_on, options.to_on)


def _site(record: PublishedRecord) -> str:
    """The nearest area, else the masked point, else none."""
    if record["areas"]:
        return f"area {record['areas'][0]['id']}"
    return "" if record["lon"] is None else f"{record['lon']} {record['lat']}"


def _countries(records: Sequence[PublishedRecord]) -> list[str]:
    """The countries with most incidents, the fullest first."""
    counts = Counter(record["country"] for record in records if record["country"])
    return sorted(counts, key=lambda code: (-counts[code], code))[:MOST_COUNTRIES]
