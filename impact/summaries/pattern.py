"""Systematic and widespread: never a property of one report, but of how many, where, when and by whom.

The trend is tested exactly. Given n incidents, chance alone would lay each into a covered month with equal
odds (a Poisson process without trend, D. R. Cox and P. A. W. Lewis, 1966, ch. 3); the sum of the months'
numbers then has a distribution that is computed here in full, and p is how often chance comes out as far
off, in either direction. A second test weighs the months by the reports received, for a growing number of
reporters makes harm seem to grow. docs/method.md says it for readers.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from math import erfc, sqrt

import numpy as np

from impact.publication.coverage import coverage_months
from impact.publication.filtering import IncidentFilter
from impact.publication.models import CoverageMonth, PublishedLink
from impact.publication.published import published_incidents
from impact.vocabulary import DatePrecision, Perpetrator

WIDESPREAD_INCIDENTS, WIDESPREAD_SITES = 5, 3
SYSTEMATIC_INCIDENTS, SYSTEMATIC_MONTHS = 3, 3
SIGNIFICANT = 0.05
LEAST_FOR_TREND = 5
_MOST_EXACT = 300  # incidents; beyond, the sum is as good as normal
_FEW_AS = 2  # what "fewer than five" reports weigh


class Direction(Enum):
    MORE = "more"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class Trend:
    """Which way, how likely by chance, and how likely by chance given how many reports came each month."""

    direction: Direction
    p: float
    p_given_reports: float | None
    incidents: int
    months: int

    @property
    def is_beyond_chance(self) -> bool:
        return self.p < SIGNIFICANT

    @property
    def is_beyond_reporting(self) -> bool:
        return self.p_given_reports is not None and self.p_given_reports < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Recurring:
    """A kind of perpetrator that comes again: in how many incidents, months and at how many sites."""

    perpetrator: Perpetrator
    incidents: int
    months: int
    sites: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """What repeats. `sites` are nearest producing areas, or masked cells where there is none."""

    incidents: int
    sites: int
    months_with: int
    months_covered: int
    months: int
    from_on: date | None
    to_on: date | None
    recurring: tuple[Recurring, ...]
    trend: Trend | None
    undated: int

    @property
    def is_widespread(self) -> bool:
        return self.incidents >= WIDESPREAD_INCIDENTS and self.sites >= WIDESPREAD_SITES

    @property
    def is_systematic(self) -> bool:
        return any(
            one.incidents >= SYSTEMATIC_INCIDENTS and one.months >= SYSTEMATIC_MONTHS
            for one in self.recurring
        )


@dataclass(frozen=True, slots=True)
class PatternRow:
    """What of an incident can repeat: the first day of its month, its site, the kind of perpetrator."""

    month: date | None
    site: str
    perpetrator: str


def pattern(chosen: IncidentFilter, country: str) -> Pattern:
    """The pattern in what a filter chooses; `country` says whose coverage the months are counted by."""
    covered = coverage_months(country, chosen.from_on, chosen.to_on) if country else []
    return pattern_of(_rows(chosen), covered, chosen.from_on, chosen.to_on)


def pattern_of(
    rows: Sequence[PatternRow],
    covered: Sequence[CoverageMonth],
    from_on: date | None = None,
    to_on: date | None = None,
) -> Pattern:
    """The pattern in some incidents, with the months in which anybody was there to report."""
    dated = sorted(row.month for row in rows if row.month)
    months = _weights(dated, covered)
    first = from_on or (min(months) if months else None)
    last = to_on or (max(months) if months else None)
    return Pattern(
        incidents=len(rows),
        sites=len({row.site for row in rows if row.site}),
        months_with=len(set(dated)),
        months_covered=len(months),
        months=_span(first, last),
        from_on=first,
        to_on=last,
        recurring=_recurring(rows),
        trend=_trend(dated, months),
        undated=len(rows) - len(dated),
    )


def trend_p(months: Sequence[int], weights: Sequence[float]) -> tuple[float, float]:
    """(p, expected sum): how likely chance puts events as far from their expected sum of month numbers.

    `months` are the numbers of the months of the events, from 0; `weights` how likely each month is for
    any event. Exact for up to 300 events, two-sided by doubling the smaller tail.
    """
    odds = np.asarray(weights, dtype=float) / float(np.sum(weights))
    numbers = np.arange(len(odds))
    count, observed = len(months), int(sum(months))
    mean = float(odds @ numbers)
    if count > _MOST_EXACT:
        deviation = float(np.sqrt(count * (odds @ numbers**2 - mean**2)))
        return _normal_p((observed - count * mean) / deviation) if deviation else 1.0, count * mean
    sums = _power(odds, count)
    below, above = float(sums[: observed + 1].sum()), float(sums[observed:].sum())
    return min(1.0, 2 * min(below, above)), count * mean


def _power(odds: np.ndarray, count: int) -> np.ndarray:
    """The distribution of the sum of `count` draws: the polynomial of one draw to that power."""
    result, base = np.array([1.0]), odds
    while count:
        if count & 1:
            result = np.convolve(result, base)
        count >>= 1
        if count:
            base = np.convolve(base, base)
    return result


def _normal_p(z: float) -> float:
    return erfc(abs(z) / sqrt(2))


def _trend(dated: list[date], months: dict[date, float]) -> Trend | None:
    if len(dated) < LEAST_FOR_TREND or len(months) < 3:
        return None
    ordered = sorted(months)
    number = {month: index for index, month in enumerate(ordered)}
    events = [number[month] for month in dated]
    p, expected = trend_p(events, [1.0] * len(ordered))
    weights = [months[month] for month in ordered]
    has_reports = len(set(weights)) > 1
    return Trend(
        direction=Direction.MORE if sum(events) >= expected else Direction.FEWER,
        p=p,
        p_given_reports=trend_p(events, weights)[0] if has_reports else None,
        incidents=len(events),
        months=len(ordered),
    )


def _weights(dated: list[date], covered: Sequence[CoverageMonth]) -> dict[date, float]:
    """The months in which harm could have become known, each with how many reports came in it."""
    months = {
        row.month: float(row.reports if row.reports is not None else _FEW_AS) or 1.0
        for row in covered
        if row.state != CoverageMonth.State.NO_COVERAGE
    }
    for month in dated:  # it did become known, whatever the coverage says
        months.setdefault(month, 1.0)
    return months


def _rows(chosen: IncidentFilter) -> list[PatternRow]:
    incidents = published_incidents(chosen).prefetch_related(None).order_by()
    nearest = dict(
        PublishedLink.objects.filter(rank=0, published__in=incidents.values("pk")).values_list(
            "published_id", "area_id"
        )
    )
    return [
        PatternRow(
            month=occurred.replace(day=1) if occurred and precision != DatePrecision.YEAR else None,
            site=f"area {nearest[pk]}" if pk in nearest else cell,
            perpetrator=perpetrator,
        )
        for pk, occurred, precision, cell, perpetrator in incidents.values_list(
            "pk", "occurred_from", "occurred_precision", "cell", "perpetrator"
        )
    ]


def _recurring(rows: Sequence[PatternRow]) -> tuple[Recurring, ...]:
    by_kind: dict[str, list[PatternRow]] = defaultdict(list)
    for row in rows:
        if row.perpetrator != Perpetrator.UNKNOWN:
            by_kind[row.perpetrator].append(row)
    found = [
        Recurring(
            perpetrator=Perpetrator(kind),
            incidents=len(of_kind),
            months=len({row.month for row in of_kind if row.month}),
            sites=len({row.site for row in of_kind if row.site}),
        )
        for kind, of_kind in by_kind.items()
        if len(of_kind) > 1
    ]
    return tuple(sorted(found, key=lambda one: (-one.incidents, one.perpetrator)))


def _span(first: date | None, last: date | None) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1 if first and last else 0
