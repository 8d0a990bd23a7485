"""Year against year: the incidents of each, by theme, beside the reporting that there was in it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _

from impact.formats.days import months_words
from impact.publication.coverage import effort, efforts
from impact.summaries.charts import Chart, bar_chart
from impact.summaries.numbers import grouped
from impact.summaries.statistics import KeyCount
from impact.summaries.tally import Tally
from impact.vocabulary import Theme

_MOST = 6


def years_chart(counted: Tally) -> Chart | None:
    """The latest years, the last one first; None where there are no two to compare.

    A year of which the filter or the figures hold a part is called by its months. What nobody could report is
    no difference between years: reports and months covered stand beside.
    """
    years = list(_years(counted))
    if len(years) < 2:
        return None
    counts = [KeyCount(str(first.year), label, themes.total()) for first, _last, label, themes in years]
    shown = [theme for theme in Theme if any(themes[theme] for *_days, themes in years)]
    rows: list[tuple[str | int, ...]] = []
    for (first, last, _label, themes), count in zip(years, counts, strict=True):
        reports, covered, months = _reporting(counted, first, last)
        rows.append(
            (
                count.label,
                count.count,
                *(themes[theme] for theme in shown),
                reports,
                _("%(covered)s of %(months)s") % {"covered": grouped(covered), "months": grouped(months)},
            )
        )
    newest, before = counts[0], counts[1]
    chart = bar_chart(
        _(
            "Published incidents by year. A year with more reports can have more people who report, not "
            "more harm."
        ),
        _("Year"),
        counts,
        title=_("%(newest)s: %(count)s; %(before)s: %(earlier)s")
        % {
            "newest": newest.label,
            "count": grouped(newest.count),
            "before": before.label,
            "earlier": grouped(before.count),
        },
    )
    themes_heads = (str(theme.label) for theme in shown)
    heads = (_("Year"), _("Incidents"), *themes_heads, _("Reports received, at least"), _("Months covered"))
    return replace(chart, columns=heads, rows=tuple(rows))


def _years(counted: Tally) -> Iterator[tuple[date, date, str, Counter[str]]]:
    """First and last month, name, and counts by theme, of each year that has a dated incident; what is known
    by its year alone is in it."""
    alone = counted.years_alone
    months = sorted(
        {month for month in counted.months if month}
        | {date(year, month, 1) for year in alone for month in (1, 12)}
    )
    if not months:
        return
    begins, ends = counted.chosen.from_on or months[0], counted.chosen.to_on or months[-1]
    for year in sorted({month.year for month in months}, reverse=True)[:_MOST]:
        first, last = max(date(year, 1, 1), begins), min(date(year, 12, 31), ends)
        is_whole = (first.month, last.month) == (1, 12)
        themes: Counter[str] = sum(
            (found for month, found in counted.months.items() if month and month.year == year),
            Counter(alone.get(year, ())),
        )
        yield first, last, str(year) if is_whole else months_words(first, last), themes


def _reporting(counted: Tally, first: date, last: date) -> tuple[int, int, int]:
    """Reports received in the countries chosen, or in all, and how many of their months were covered."""
    last_day = date(last.year, last.month, 28)
    chosen = counted.chosen.country
    found = [effort(country, first, last_day) for country in chosen] if chosen else efforts(first, last_day)
    reports = sum(one.reports for one in found)
    return reports, sum(one.months_covered for one in found), sum(one.months for one in found)
