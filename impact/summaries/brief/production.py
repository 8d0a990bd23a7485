"""Harm against production, and what repeats: sections of a brief that need more than a snapshot.

Production is what was held when the snapshot was taken, so that a correction does not change an old brief.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from impact.crosswalks import ASKS, Ask
from impact.places.basemap import country_name
from impact.places.models import ProducingArea
from impact.places.production.figures import current_figures, outputs
from impact.publication.coverage import coverage_months, effort
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.summaries.brief.options import BriefOptions
from impact.summaries.pattern import Pattern, PatternRow, pattern_of
from impact.summaries.pattern_words import (
    pattern_sentence,
    recurring_sentences,
    trend_sentence,
    verdict_sentence,
)
from impact.summaries.poisson import Interval
from impact.summaries.rates import KIND_OF_AREA, CountedIncident, Disclosure, HarmRate, rates_of
from impact.vocabulary import AreaKind, DatePrecision, Mineral, PeopleKind, ProductionKind

_MOST_COUNTRIES = 8
_MILLION = Decimal(1_000_000)


def more_sections(
    snapshot: Snapshot, records: Sequence[PublishedRecord], options: BriefOptions
) -> list[dict[str, Any]]:
    """Titles, paragraphs, tables and notes, in the active language."""
    return [_production(snapshot, records), _pattern(records, options)]


def latest_rates(snapshot: Snapshot, records: Sequence[PublishedRecord], country: str) -> list[HarmRate]:
    """Total, artisanal and industrial, of the latest year that production was held for at the time."""
    figures = outputs(current_figures(country=country, as_of=snapshot.created_at))
    rates = rates_of(figures, _counted(records, country)) if figures else []
    return [rate for rate in rates if rate.year == max(rate.year for rate in rates)]


def derived_figures(
    snapshot: Snapshot, records: Sequence[PublishedRecord], options: BriefOptions
) -> list[dict[str, Any]]:
    """The numbers of these sections with all that they were worked out from, for figures.json."""
    rates = [
        {
            "name": f"rate.{country}.{rate.year}.{rate.kind}",
            "incidents": rate.incidents,
            "people": rate.people,
            "carats": str(rate.carats) if rate.carats is not None else None,
            "value_usd": str(rate.value_usd) if rate.value_usd is not None else None,
            "incidents_per_million_carats": asdict(rate.incidents_per_mct)
            if rate.incidents_per_mct
            else None,
            "interval": "exact Poisson, 95 % (Garwood 1936)",
            "sources": list(rate.sources),
        }
        for country in _countries(records)
        for rate in latest_rates(snapshot, records, country)
    ]
    violent = _violent(records)
    patterns = []
    for country in _countries(violent):
        found = _found([record for record in violent if record["country"] == country], country, options)
        patterns.append(
            {
                "name": f"pattern.{country}",
                "incidents": found.incidents,
                "sites": found.sites,
                "months_with": found.months_with,
                "months_covered": found.months_covered,
                "is_widespread": found.is_widespread,
                "is_systematic": found.is_systematic,
            }
        )
    return [*rates, *patterns]


def _violent(records: Sequence[PublishedRecord]) -> list[PublishedRecord]:
    rules = ASKS.rules[Ask.VIOLENCE]
    return [
        record
        for record in records
        if any(rule.holds(record["harms"], record["perpetrator"]) for rule in rules)
    ]


def _production(snapshot: Snapshot, records: Sequence[PublishedRecord]) -> dict[str, Any]:
    rows, efforts, sources, unknown = [], [], [], []
    for country in _countries(records):
        rates = latest_rates(snapshot, records, country)
        if not rates:
            unknown.append(country_name(country))
            continue
        year = rates[0].year
        for number, rate in enumerate(rates):
            rows.append(_rate_row(rate, is_first=number == 0))
            sources += [source for source in rate.sources if source not in sources]
        made = effort(country, date(year, 1, 1), date(year, 12, 31))
        efforts.append(f"{country_name(country)}, {year}: {made.words}")
    return {
        "title": _("Harm against production"),
        "paragraphs": [
            _(
                "For the latest year that production is held for: incidents beside diamond diggings, and how "
                "many "
                "per million carats, with the exact interval in which the true rate lies with 95 % "
                "confidence. "
                "Artisanal and industrial apart, where a country discloses them. “Not disclosed” is a "
                "finding of "
                "its own: the Kimberley Process resolved in 2018 that the two be told apart. These are not "
                "ranks: "
                "more reports can mean more people who dare to report."
            )
        ],
        "head": [
            _("Country and year"),
            _("Production"),
            _("Carats (m)"),
            _("US$ (m)"),
            _("Incidents"),
            _("People"),
            _("Per m carats (95 %)"),
        ],
        "rows": rows,
        "note": " ".join(
            [
                _("* fewer than five incidents: the rate carries little weight."),
                _("No production figures are held for %(countries)s.") % {"countries": ", ".join(unknown)}
                if unknown
                else "",
                _("Reporting behind it: %(efforts)s.") % {"efforts": " · ".join(efforts)} if efforts else "",
                _("Production: %(sources)s.") % {"sources": "; ".join(sources)} if sources else "",
            ]
        ).strip(),
    }


def _row(*cells: str) -> list[str]:
    return list(cells)


def _rate_row(rate: HarmRate, *, is_first: bool) -> list[str]:
    few = "*" if rate.is_few else ""
    is_total = rate.kind is ProductionKind.TOTAL
    return _row(
        f"{country_name(rate.country)} {rate.year}" if is_first else "",
        str(ProductionKind(rate.kind).label),
        _amount(rate.carats, rate.carats_disclosed, is_total=is_total),
        _amount(rate.value_usd, rate.value_disclosed, is_total=is_total),
        f"{number_format(rate.incidents)}{few}",
        number_format(rate.people) if rate.people is not None else "–",
        _interval(rate.incidents_per_mct),
    )


def _amount(value: Decimal | None, disclosed: Disclosure, *, is_total: bool) -> str:
    if value is None:
        return _("not held") if disclosed is Disclosure.NOT_STATED and is_total else _("not disclosed")
    return str(number_format(value / _MILLION, 2))


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    rate, low, high = (number_format(value, 1) for value in (interval.rate, interval.low, interval.high))
    return f"{rate} ({low}–{high})"


def _counted(records: Sequence[PublishedRecord], country: str) -> list[CountedIncident]:
    """The incidents beside diamond diggings, for rates."""
    areas = {area["id"] for record in records for area in record["areas"][:1]}
    minerals = dict(ProducingArea.objects.filter(pk__in=areas).values_list("pk", "minerals"))
    counted = []
    for record in records:
        nearest = record["areas"][0] if record["areas"] else None
        dug = [*record["minerals"], *(minerals.get(nearest["id"], []) if nearest else [])]
        if record["country"] == country and record["occurred_from"] and Mineral.DIAMOND in dug:
            people = [record[kind] for kind in PeopleKind.values]  # type: ignore[literal-required]
            known = [count for count in people if count is not None]
            counted.append(
                CountedIncident(
                    on=date.fromisoformat(record["occurred_from"]),
                    kind=KIND_OF_AREA.get(AreaKind(nearest["kind"])) if nearest else None,
                    people=sum(known) if known else None,
                )
            )
    return counted


def _pattern(records: Sequence[PublishedRecord], options: BriefOptions) -> dict[str, Any]:
    violent = _violent(records)
    countries = _countries(violent)
    paragraphs, rows = [], []
    if len(countries) > 1:
        paragraphs += [
            pattern_sentence(_found(violent, "", options)),
            verdict_sentence(_found(violent, "", options)),
        ]
    for country in countries:
        found = _found([record for record in violent if record["country"] == country], country, options)
        if len(countries) == 1:
            paragraphs += [
                pattern_sentence(found),
                verdict_sentence(found),
                *recurring_sentences(found),
                trend_sentence(found),
            ]
        rows.append(
            _row(
                country_name(country),
                number_format(found.incidents),
                number_format(found.sites),
                f"{found.months_with}/{found.months_covered}",
                _("yes") if found.is_widespread else _("no"),
                _("yes") if found.is_systematic else _("no"),
            )
        )
    return {
        "title": _("Systematic and widespread: the evidence"),
        "paragraphs": paragraphs or [_("No violence is among the published incidents.")],
        "head": [
            _("Country"),
            _("Incidents"),
            _("Sites"),
            _("Months with / covered"),
            _("Widespread"),
            _("Systematic"),
        ],
        "rows": rows,
        "note": _(
            "Of violence alone. A site is the nearest producing area, or the hexagon where there is none."
        ),
    }


def _found(records: Sequence[PublishedRecord], country: str, options: BriefOptions) -> Pattern:
    rows = [
        PatternRow(
            month=date.fromisoformat(record["occurred_from"]).replace(day=1)
            if record["occurred_from"] and record["occurred_precision"] != DatePrecision.YEAR
            else None,
            site=f"area {record['areas'][0]['id']}"
            if record["areas"]
            else f"{record['lon']} {record['lat']}",
            perpetrator=record["perpetrator"],
        )
        for record in records
    ]
    covered = coverage_months(country, options.from_on, options.to_on) if country else []
    return pattern_of(rows, covered, options.from_on, options.to_on)


def _countries(records: Sequence[PublishedRecord]) -> list[str]:
    """The countries with most incidents, the fullest first."""
    codes = [record["country"] for record in records if record["country"]]
    return sorted(set(codes), key=lambda code: (-codes.count(code), code))[:_MOST_COUNTRIES]
