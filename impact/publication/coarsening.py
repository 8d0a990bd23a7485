"""Days as the world may know them: a day becomes a day, a week or a month, by the harm. docs/method.md
tells it."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from impact.publication.masking import is_sensitive
from impact.vocabulary import DatePrecision, Theme, theme_of

_FINENESS = (DatePrecision.DAY, DatePrecision.WEEK, DatePrecision.MONTH, DatePrecision.YEAR)


@dataclass(frozen=True, slots=True)
class CoarseDate:
    """A period of whole days, weeks (Monday to Sunday), months or years; both ends inclusive."""

    from_on: date
    to_on: date
    precision: DatePrecision


def coarsen_dates(
    from_on: date,
    to_on: date,
    harms: Sequence[str],
    *,
    has_people: bool = True,
    kept: CoarseDate | None = None,
) -> CoarseDate:
    """The period to publish: never finer than what is known.

    Harm to water, land and air in which nobody is counted keeps its day; most harms get their week;
    sensitive ones whole months; what is spread over more than a month, whole years. `kept` was published
    for the incident before: it stays while it holds the days and is coarse enough, and a coarser period is
    worked out from it, so that the two together tell no more than the finer.
    """
    finest = _finest(harms, has_people)
    if kept is not None and kept.from_on <= from_on and to_on <= kept.to_on:
        if _FINENESS.index(kept.precision) >= _FINENESS.index(finest):
            return kept
        from_on, to_on = kept.from_on, kept.to_on
    if finest == DatePrecision.DAY and from_on == to_on:
        return CoarseDate(from_on, to_on, DatePrecision.DAY)
    monday = from_on - timedelta(days=from_on.weekday())
    if finest != DatePrecision.MONTH and to_on <= monday + timedelta(days=6):
        return CoarseDate(monday, monday + timedelta(days=6), DatePrecision.WEEK)
    if (to_on - from_on).days <= 31:
        return CoarseDate(from_on.replace(day=1), _month_end(to_on), DatePrecision.MONTH)
    return CoarseDate(date(from_on.year, 1, 1), date(to_on.year, 12, 31), DatePrecision.YEAR)


def _finest(harms: Sequence[str], has_people: bool) -> DatePrecision:
    if is_sensitive(harms):
        return DatePrecision.MONTH
    if harms and not has_people and all(theme_of(harm) == Theme.ENVIRONMENT for harm in harms):
        return DatePrecision.DAY
    return DatePrecision.WEEK


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
