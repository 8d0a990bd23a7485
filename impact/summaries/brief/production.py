"""Harm against production, and what repeats: the words of what was derived."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from impact.places.basemap import country_name
from impact.summaries.brief.deriving import Derived
from impact.summaries.numbers import rounded
from impact.summaries.pattern_words import (
    pattern_sentence,
    recurring_sentences,
    trend_sentence,
    verdict_sentence,
)
from impact.summaries.poisson import Interval
from impact.summaries.rates import Disclosure, HarmRate
from impact.vocabulary import ProductionKind

_MILLION = Decimal(1_000_000)


def more_sections(derived: Derived) -> list[dict[str, Any]]:
    """Titles, paragraphs, tables and notes, in the active language."""
    reporting = [_reporting(derived)] if derived.production else []
    return [_production(derived), *reporting, _pattern(derived)]


def _production(derived: Derived) -> dict[str, Any]:
    rows = [
        _rate_row(rate, is_first=number == 0)
        for made in derived.production
        for number, rate in enumerate(made.rates)
    ]
    sources = dict.fromkeys(
        source for made in derived.production for rate in made.rates for source in rate.sources
    )
    unknown = [country_name(country) for country in derived.undisclosed]
    return {
        "title": _("Harm against production"),
        "paragraphs": [
            _(
                "For the latest year that production is held for: incidents beside diamond diggings, and "
                "how many per million carats, with the exact interval in which the true rate lies with 95 % "
                "confidence. Artisanal and industrial apart, where a country discloses them. “Not "
                "disclosed” is a finding of its own: the Kimberley Process resolved in 2018 that the two be "
                "told apart. These are not ranks: more reports can mean more people who dare to report."
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
        "note": _joined(
            [
                _("* fewer than five incidents: the rate carries little weight."),
                _("No production figures are held for %(countries)s.") % {"countries": ", ".join(unknown)}
                if unknown
                else "",
                _("Production: %(sources)s.") % {"sources": "; ".join(sources)} if sources else "",
            ]
        ),
    }


def _reporting(derived: Derived) -> dict[str, Any]:
    return {
        "title": "",
        "paragraphs": [],
        "head": [
            _("Reporting behind it"),
            _("Reports received"),
            _("People reporting in a month, at most"),
            _("Months covered"),
        ],
        "rows": [
            _row(
                _("%(country)s %(year)s") % {"country": country_name(made.country), "year": made.year},
                number_format(made.effort.reports, force_grouping=True)
                if made.effort.is_exact
                else _("at least %(reports)s")
                % {"reports": number_format(made.effort.reports, force_grouping=True)},
                _("fewer than 5")
                if made.effort.most_reporters is None
                else number_format(made.effort.most_reporters, force_grouping=True),
                f"{made.effort.months_covered}/{made.effort.months}",
            )
            for made in derived.production
        ],
        "note": _("Each report on the web is taken for one person. Fewer than five are never told exactly."),
    }


def _joined(sentences: list[str]) -> str:
    return " ".join(filter(None, sentences))


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
        f"{number_format(rate.incidents, force_grouping=True)}{few}",
        number_format(rate.people, force_grouping=True) if rate.people is not None else "–",
        _interval(rate.incidents_per_mct),
    )


def _amount(value: Decimal | None, disclosed: Disclosure, *, is_total: bool) -> str:
    if value is None:
        return _("not held") if disclosed is Disclosure.NOT_STATED and is_total else _("not disclosed")
    millions = value / _MILLION
    decimals = 2 if not value or millions >= Decimal("0.1") else 3 if millions >= Decimal("0.01") else 4
    return rounded(millions, decimals)


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return "–"
    rate, low, high = (rounded(value, 1) for value in (interval.rate, interval.low, interval.high))
    return f"{rate} ({low}–{high})"


def _pattern(derived: Derived) -> dict[str, Any]:
    paragraphs, rows = [], []
    if together := derived.patterns.get(""):
        paragraphs += [pattern_sentence(together), verdict_sentence(together)]
    for country, found in derived.patterns.items():
        if not country:
            continue
        if not together:
            paragraphs += [
                pattern_sentence(found),
                verdict_sentence(found),
                *recurring_sentences(found),
                trend_sentence(found),
            ]
        rows.append(
            _row(
                country_name(country),
                number_format(found.incidents, force_grouping=True),
                number_format(found.sites, force_grouping=True),
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
