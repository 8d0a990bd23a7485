"""The trend by month: a row of columns for each theme, all on one scale, grey where nobody could report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from impact.publication.coverage import covered_by_month
from impact.summaries.charts import WIDTH, Chart, most_words, unknown_month, year_marks
from impact.summaries.months import months_between
from impact.summaries.numbers import grouped
from impact.summaries.tally import Tally
from impact.vocabulary import Theme

_MOST_MONTHS = 36
_LINE, _TOP, _GROUND = 84, 36, 76  # of one theme: its height, where its highest column ends, where all stand

Counts = Mapping[date, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    y: float
    height: float
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """The months of one theme, drawn at `offset`; `peak` is its highest column."""

    theme: str
    words: str
    offset: int
    columns: tuple[Column, ...]
    peak: Column


def trend_chart(counted: Tally) -> Chart | None:
    """Incidents by month and theme: the latest three years are drawn, the table has every month.

    None where no incident has a known month. A month is grey where nobody in any country of these incidents
    was there to report and none of them happened.
    """
    counts: Counts = {month: themes for month, themes in counted.months.items() if month}
    if not counts:
        return None
    coverage = covered_by_month(counted.chosen.country or counted.countries_dated)
    months = months_between(min(counts), max(counts))
    shown = months[-_MOST_MONTHS:]
    themes = [theme for theme in Theme if any(theme in by_theme for by_theme in counted.months.values())]
    highest = max(count for month in shown for count in counts.get(month, {}).values())
    step = WIDTH / max(len(shown), 12)
    drawn = [theme for theme in themes if any(theme in counts.get(month, {}) for month in shown)]
    lines = [_line(theme, index * _LINE, shown, counts, highest) for index, theme in enumerate(drawn)]
    title = _title(counts)
    first, last = date_format(shown[0], "YEAR_MONTH_FORMAT"), date_format(shown[-1], "YEAR_MONTH_FORMAT")
    subtitle = _(
        "Published incidents by month and theme, %(first)s to %(last)s, all on one scale. "
        "Grey: nobody was there to report."
    ) % {"first": first, "last": last}
    context = {
        "title": title,
        "subtitle": subtitle,
        "lines": lines,
        "width": WIDTH,
        "height": len(lines) * _LINE + 20,
        "years_y": len(lines) * _LINE + 12,
        "ground": _GROUND,
        "bar_width": round(step * 0.8, 1),
        "slot": round(step, 1),
        "gaps": [
            round(index * step, 1)
            for index, month in enumerate(shown)
            if not counts.get(month) and not coverage.get(month, (0, 0))[0]
        ],
        "gap_top": _TOP,
        "gap_height": _GROUND - _TOP,
        "years": year_marks(shown, step),
    }
    rows: list[tuple[str | int, ...]] = [
        (
            date_format(month, "YEAR_MONTH_FORMAT"),
            *(counts.get(month, {}).get(str(theme), 0) for theme in themes),
            sum(counts.get(month, {}).values()),
            _coverage_words(coverage.get(month, (0, 0))),
        )
        for month in months
    ]
    return Chart(
        title=title,
        subtitle=subtitle,
        svg=render_to_string("summaries/_trend.svg", context),
        columns=(_("Month"), *(str(theme.label) for theme in themes), _("All"), _("Coverage")),
        rows=(*rows, *unknown_month(counted.months, themes, has_all=True)),
    )


def _title(counts: Counts) -> str:
    return most_words(
        [(date_format(month, "YEAR_MONTH_FORMAT"), sum(themes.values())) for month, themes in counts.items()]
    )


def _line(theme: Theme, offset: int, months: list[date], counts: Counts, highest: int) -> ThemeLine:
    step, room = WIDTH / max(len(months), 12), _GROUND - _TOP
    columns = []
    for index, month in enumerate(months):
        if count := counts.get(month, {}).get(str(theme), 0):
            height = max(count / highest * room, 1.0)
            columns.append(
                Column(
                    x=round(index * step, 1),
                    y=round(_GROUND - height, 1),
                    height=round(height, 1),
                    label=date_format(month, "YEAR_MONTH_FORMAT"),
                    count=count,
                )
            )
    return ThemeLine(
        theme=str(theme),
        words=str(theme.label)
        + _(": %(count)s") % {"count": grouped(sum(column.count for column in columns))},
        offset=offset,
        columns=tuple(columns),
        peak=max(columns, key=lambda column: column.count),
    )


def _coverage_words(coverage: tuple[int, int]) -> str:
    covered, known = coverage
    if not known:
        return _("not known")
    return _("countries covered: %(covered)s of %(known)s") % {"covered": covered, "known": known}
