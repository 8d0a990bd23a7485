"""Plain charts, drawn on the server as SVG: the title is the finding, a table of the same goes with each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from impact.summaries.months import months_between
from impact.summaries.numbers import grouped
from impact.summaries.statistics import KeyCount, country_counts, kind_counts, month_counts, theme_counts
from impact.summaries.tally import MonthsByTheme, Tally
from impact.vocabulary import Theme

WIDTH = 360  # as wide as a phone shows it: the type keeps its size
_MOST_MONTHS = 36
_MOST_BARS = 10
_LABEL_LETTERS, _LABEL_LINE = 48, 16  # what fits the width of a phone, and how high a line of it is


@dataclass(frozen=True, slots=True)
class Chart:
    """A finding, its measure and period, the drawing, and the same figures as rows of a table."""

    title: str
    subtitle: str
    svg: SafeString
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as the template draws it: lengths in the drawing's units. A long label stands on several `lines`
    above it."""

    key: str
    label: str
    count: int
    offset: float
    length: float
    lines: tuple[str, ...] = ()
    below_label: int = 0


def most_words(months: Sequence[tuple[str, int]]) -> str:
    """The month with the most incidents and how many; only how many where several have as many."""
    label, count = max(months, key=lambda month: month[1])
    if sum(month[1] == count for month in months) > 1:
        return _("At most %(count)s in a month") % {"count": count}
    return _("Most in %(month)s") % {"month": label} + _(": %(count)s") % {"count": grouped(count)}


def year_marks(months: Sequence[date], step: float) -> list[tuple[float, int]]:
    """Where years are written under months that are `step` apart: at each January, and at the first month
    where the next January leaves room."""
    return [
        (round(index * step, 1), month.year)
        for index, month in enumerate(months)
        if month.month == 1 or (index == 0 and month.month <= 9)
    ]


def unknown_month(
    months: MonthsByTheme, themes: Sequence[Theme], *, has_all: bool
) -> list[tuple[str | int, ...]]:
    """The last row of a table by month, theme (all of them, if there is such a column) and coverage: what no
    month is known of, so that the table adds up."""
    counts = months.get(None)
    if not counts:
        return []
    return [
        (
            _("month not known"),
            *(counts[str(theme)] for theme in themes),
            *([counts.total()] if has_all else []),
            "",
        )
    ]


def month_chart(counted: Tally) -> Chart:
    """Incidents by month, at most the last three years; months without any are drawn as nothing."""
    counts = month_counts(counted.by_month)
    dated = _without_gaps([row for row in counts if row.key])
    shown = dated[-_MOST_MONTHS:]
    title = (
        most_words([(row.label, row.count) for row in shown]) if shown else _("No incident has a known month")
    )
    height, ground = 190, 152
    highest = max((row.count for row in shown), default=1)
    step = WIDTH / max(len(shown), 12)
    bars = [
        Bar(
            row.key,
            row.label,
            row.count,
            round(index * step, 1),
            round(row.count / highest * (ground - 24), 1),
        )
        for index, row in enumerate(shown)
    ]
    context = {
        "bars": bars,
        "width": WIDTH,
        "height": height,
        "ground": ground,
        "bar_width": round(step * 0.8, 1),
        "highest": highest,
        "years": year_marks([date.fromisoformat(f"{row.key}-01") for row in shown], step),
    }
    return _chart(
        "summaries/_columns.svg", title, _("Published incidents by month"), _("Month"), counts, context
    )


def theme_chart(counted: Tally) -> Chart:
    """Incidents by theme."""
    return bar_chart(
        _("Published incidents by theme"), _("Theme"), theme_counts(counted.by_theme), has_themes=True
    )


def country_chart(counted: Tally) -> Chart:
    """Incidents by country: counts of what reached us, no ranking of countries."""
    return bar_chart(
        _("Published incidents by country. More reports can mean more reporters, not more harm."),
        _("Country"),
        country_counts(counted.by_country),
    )


def kind_chart(counted: Tally) -> Chart:
    """Incidents by the kind of the nearest producing area."""
    return bar_chart(
        _("Published incidents by the kind of the nearest producing area"),
        _("Kind of nearest area"),
        kind_counts(counted.chosen, counted.total),
    )


def bar_chart(
    subtitle: str,
    head: str,
    counts: list[KeyCount],
    *,
    title: str = "",
    counted: str = "",
    has_themes: bool = False,
) -> Chart:
    """A bar for each count, from nought; the title is the first of them, unless another finding is given.

    `counted` heads the column of counts where they are not of incidents.
    """
    shown = counts[:_MOST_BARS]
    total = sum(row.count for row in counts)
    first = shown[0] if shown else None
    title = title or (
        _("%(label)s: %(count)s of %(total)s")
        % {"label": first.label, "count": grouped(first.count), "total": grouped(total)}
        if first
        else _("Nothing to count")
    )
    count_width = 40
    longest = max((row.count for row in shown), default=0) or 1
    room = WIDTH - count_width
    bars: list[Bar] = []
    height = 0
    for row in shown:
        lines = tuple(wrap(row.label, _LABEL_LETTERS))
        below_label = len(lines) * _LABEL_LINE + 6
        length = round(row.count / longest * room, 1)
        bars.append(Bar(row.key, row.label, row.count, height, length, lines, below_label))
        height += below_label + 22
    if left_out := len(counts) - len(shown):
        subtitle += " " + ngettext(
            "%(count)s more in the table.", "%(count)s more in the table.", left_out
        ) % {"count": left_out}
    context = {
        "bars": bars,
        "width": WIDTH,
        "height": height or 44,
        "has_themes": has_themes,
    }
    return _chart("summaries/_bars.svg", title, subtitle, head, counts, context, counted)


def _chart(
    template: str,
    title: str,
    subtitle: str,
    head: str,
    counts: Sequence[KeyCount],
    context: dict[str, object],
    counted: str = "",
) -> Chart:
    return Chart(
        title=title,
        subtitle=subtitle,
        svg=render_to_string(template, {"title": title, "subtitle": subtitle, **context}),
        columns=(head, counted or _("Incidents")),
        rows=tuple((row.label, row.count) for row in counts),
    )


def _without_gaps(counts: list[KeyCount]) -> list[KeyCount]:
    """Every month from the first to the last, with a count of nought where there was none."""
    if not counts:
        return []
    by_key = {row.key: row for row in counts}
    first, last = (date.fromisoformat(f"{row.key}-01") for row in (counts[0], counts[-1]))
    return [
        by_key.get(key := f"{month:%Y-%m}") or KeyCount(key, date_format(month, "YEAR_MONTH_FORMAT"), 0)
        for month in months_between(first, last)
    ]
