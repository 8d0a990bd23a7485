"""What passes a filter, counted once for all the figures of a page.

Three passes over the rows in the database, two of which its indexes answer alone, instead of one for each
chart: at 100,000 incidents the counting is what a page costs.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Sum

from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.vocabulary import DatePrecision, PeopleKind

# In the order of the index `public_by_who`, which has all that is asked of it.
_COLUMNS = ("country", "perpetrator", "verification", "credibility")

# By month (its first day, None where no month is known): how many incidents of each theme.
MonthsByTheme = Mapping[date | None, Counter[str]]


@dataclass(frozen=True, slots=True)
class PeopleSum:
    """People harmed in one way: at least so many, added up over the `stated` incidents that count any."""

    people: int
    stated: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The incidents of `chosen` by each column alone; an empty key is "not known".

    `countries_dated` are those of incidents with a date; `years_alone` are those of which no month is
    known, but one year, by theme.
    """

    chosen: IncidentFilter
    total: int
    by_country: Counter[str]
    by_perpetrator: Counter[str]
    by_verification: Counter[str]
    by_credibility: Counter[str]
    by_theme: Counter[str]
    months: MonthsByTheme
    years_alone: Mapping[int, Counter[str]]
    people: Mapping[str, PeopleSum]
    countries_dated: frozenset[str]
    first_on: date | None
    last_on: date | None

    @property
    def by_month(self) -> dict[date | None, int]:
        return {month: themes.total() for month, themes in self.months.items()}


def tally(chosen: IncidentFilter | None = None) -> Tally:
    """Count what is public now and passes the filter."""
    chosen = chosen or IncidentFilter()
    incidents = published_incidents(chosen).order_by()
    rows = list(
        incidents.values_list(*_COLUMNS).annotate(count=Count("*"), dated=Count("occurred_from")).order_by()
    )
    by: list[Counter[str]] = [Counter() for _column in _COLUMNS]
    for *keys, count, _dated in rows:
        for counter, key in zip(by, keys, strict=True):
            counter[key] += count
    months, years_alone = _months_and_years(chosen)
    people, first_on, last_on = _people(incidents)
    return Tally(
        chosen=chosen,
        total=sum(by[0].values()),
        by_country=by[0],
        by_perpetrator=by[1],
        by_verification=by[2],
        by_credibility=by[3],
        by_theme=sum(months.values(), Counter()),
        months=months,
        years_alone=years_alone,
        people=people,
        countries_dated=frozenset(country for country, *_rest, dated in rows if country and dated),
        first_on=first_on,
        last_on=last_on,
    )


def months_by_theme(chosen: IncidentFilter) -> MonthsByTheme:
    """Incidents by the month of their first day and by theme, months in order, the unknown one last. Of what
    is known by its year alone no month is known: it did not happen in January.

    Grouped by day in the database and by month here: SQLite would call into Python for each row's month.
    """
    return _months_and_years(chosen)[0]


def _months_and_years(chosen: IncidentFilter) -> tuple[MonthsByTheme, dict[int, Counter[str]]]:
    incidents = published_incidents(chosen).order_by()
    by_day = incidents.values_list("theme", "occurred_from").annotate(count=Count("*"))
    rows = {(theme, day): count for theme, day, count in by_day}
    months: dict[date | None, Counter[str]] = {}
    years: dict[int, Counter[str]] = {}
    # Asked apart, of so few days, that the index answers all the rest alone.
    new_years = {day for _theme, day in rows if day and (day.month, day.day) == (1, 1)}
    if new_years:
        of_years = incidents.filter(
            theme__in={theme for theme, _day in rows},
            occurred_from__in=new_years,
            occurred_precision=DatePrecision.YEAR,
        ).values_list("theme", "occurred_from", "occurred_to")
        for theme, first, last, count in of_years.annotate(count=Count("*")):
            rows[theme, first] -= count
            months.setdefault(None, Counter())[theme] += count
            if last and last.year == first.year:
                years.setdefault(first.year, Counter())[theme] += count
    for (theme, day), count in rows.items():
        if count:
            months.setdefault(day.replace(day=1) if day else None, Counter())[theme] += count
    return dict(sorted(months.items(), key=lambda item: item[0] or date.max)), years


def _people(incidents: Any) -> tuple[dict[str, PeopleSum], date | None, date | None]:
    sums: dict[str, Any] = {f"{kind}_sum": Sum(kind) for kind in PeopleKind.values}
    sums |= {f"{kind}_stated": Count(kind) for kind in PeopleKind.values}
    found = incidents.aggregate(first=Min("occurred_from"), last=Max("occurred_to"), **sums)
    people = {
        kind: PeopleSum(found[f"{kind}_sum"] or 0, found[f"{kind}_stated"]) for kind in PeopleKind.values
    }
    return people, found["first"], found["last"]
