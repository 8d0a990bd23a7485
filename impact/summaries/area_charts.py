"""Charts of one place: months by theme with the gaps in coverage, and rates with their intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from impact.publication.coverage import coverage_months
from impact.publication.models import CoverageMonth
from impact.summaries.charts import WIDTH, Chart, most_words, unknown_month, year_marks
from impact.summaries.months import months_between
from impact.summaries.rates import HarmRate
from impact.summaries.tally import MonthsByTheme
from impact.vocabulary import ProductionKind, Theme

_MOST_MONTHS = 36
_HEIGHT, _GROUND, _ROOM = 190, 152, 128
_LEFT, _ROW = 0, 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column or a line: lengths in the drawing's units."""

    theme: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class MonthColumn:
    x: float
    label: str
    total: int
    pieces: tuple[Piece, ...]
    is_covered: bool


@dataclass(frozen=True, slots=True)
class RateLine:
    """A rate as a dot on its interval; `is_open` where the interval leaves the drawing."""

    y: float
    label: str
    value: str
    low: float
    dot: float
    high: float
    is_open: bool
    is_few: bool


def months_chart(months: MonthsByTheme, country: str) -> Chart | None:
    """Incidents a month, stacked by theme, the latest three years; months without coverage are grey.

    None where no incident has a known month.
    """
    counts: dict[date, Mapping[str, int]] = {month: themes for month, themes in months.items() if month}
    if not counts:
        return None
    states = {row.month: row.state for row in coverage_months(country)}
    shown = _months(counts, states)
    highest = max(sum(counts.get(month, {}).values()) for month in shown) or 1
    step = WIDTH / max(len(shown), 12)
    columns = [
        MonthColumn(
            x=round(index * step, 1),
            label=date_format(month, "YEAR_MONTH_FORMAT"),
            total=sum(counts.get(month, {}).values()),
            pieces=_pieces(counts.get(month, {}), highest),
            is_covered=bool(counts.get(month)) or _is_covered(month, states),
        )
        for index, month in enumerate(shown)
    ]
    themes = [theme for theme in Theme if any(theme in by_theme for by_theme in months.values())]
    title = most_words([(column.label, column.total) for column in columns])
    subtitle = _("Published incidents by month and theme. Grey: nobody was there to report.")
    context = {
        "title": title,
        "subtitle": subtitle,
        "columns": columns,
        "themes": [(str(theme), str(theme.label)) for theme in themes],
        "width": WIDTH,
        "height": _HEIGHT,
        "ground": _GROUND,
        "bar_width": round(step * 0.8, 1),
        "slot": round(step, 1),
        "highest": highest,
        "top": _GROUND - _ROOM,
        "years": year_marks(shown, step),
    }
    rows: list[tuple[str | int, ...]] = [
        (
            date_format(month, "YEAR_MONTH_FORMAT"),
            *(counts.get(month, {}).get(str(theme), 0) for theme in themes),
            _coverage_words(month, states),
        )
        for month in shown
    ]
    return Chart(
        title=title,
        subtitle=subtitle,
        svg=render_to_string("summaries/_months_by_theme.svg", context),
        columns=(_("Month"), *(str(theme.label) for theme in themes), _("Coverage")),
        rows=(*rows, *unknown_month(months, themes, has_all=False)),
    )


def rate_chart(rates: list[HarmRate]) -> Chart | None:
    """Incidents per million carats, each with its 95 % interval; None where no rate can be told."""
    told = [rate for rate in rates if rate.incidents_per_mct is not None]
    if not told:
        return None
    edge = max(_edge(rate) for rate in told) or 1.0
    lines = [_line(rate, index, edge) for index, rate in enumerate(told)]
    few = sum(rate.is_few for rate in told)
    title = _("%(label)s: %(rate)s (%(low)s to %(high)s)") % {
        "label": _line_label(told[0]),
        **dict(zip(("rate", "low", "high"), map(rate_words, _parts(told[0])), strict=True)),
    }
    subtitle = _("Published incidents per million carats")
    subtitle += ". " + _("Dot: the rate. Bar: where the true rate lies with 95 % confidence.")
    if few:
        subtitle += " " + _("Hollow: fewer than five incidents, of little weight.")
    context = {
        "title": title,
        "subtitle": subtitle,
        "lines": lines,
        "width": WIDTH,
        "height": len(lines) * _ROW + 24,
        "axis_y": len(lines) * _ROW + 4,
        "label_y": len(lines) * _ROW + 20,
        "left": _LEFT,
        "edge": number_format(edge, decimal_pos=0 if edge >= 10 else 1),
    }
    return Chart(
        title=title,
        subtitle=subtitle,
        svg=render_to_string("summaries/_rates.svg", context),
        columns=(_("Year and kind"), _("Incidents"), _("Rate"), _("From"), _("To")),
        rows=tuple((_line_label(rate), rate.incidents, *map(rate_words, _parts(rate))) for rate in told),
    )


def rate_words(number: float) -> str:
    """A rate with two or three figures that mean something."""
    places = next((places for least, places in ((100, 0), (10, 1), (1, 2), (0.1, 2)) if number >= least), 4)
    # Rounded first: the formatter cuts digits off.
    return str(number_format(round(number, places), decimal_pos=places if number else 0))


def _parts(rate: HarmRate) -> tuple[float, float, float]:
    interval = rate.incidents_per_mct
    return (interval.rate, interval.low, interval.high) if interval else (0.0, 0.0, 0.0)


def _edge(rate: HarmRate) -> float:
    """How far the drawing has to reach: the interval, but no more than four times the rate."""
    middle, _low, high = _parts(rate)
    return min(high, 4 * middle) if middle else min(high, 4.0)


def _line(rate: HarmRate, index: int, edge: float) -> RateLine:
    middle, low, high = _parts(rate)
    room = WIDTH - _LEFT - 56
    return RateLine(
        y=index * _ROW + 20,
        label=_line_label(rate),
        value=rate_words(middle),
        low=round(_LEFT + low / edge * room, 1),
        dot=round(_LEFT + min(middle / edge, 1) * room, 1),
        high=round(_LEFT + min(high / edge, 1) * room, 1),
        is_open=high > edge,
        is_few=rate.is_few,
    )


def _line_label(rate: HarmRate) -> str:
    when = str(rate.year) if rate.is_whole_year else ", ".join(period.label for period in rate.periods)
    return f"{when} {ProductionKind(rate.kind).label}"


def _months(counts: Mapping[date, Mapping[str, int]], states: dict[date, str]) -> list[date]:
    last = max([*counts, *states])
    first = min([*counts, *(month for month in states if month >= min(counts))])
    return months_between(first, last)[-_MOST_MONTHS:]


def _pieces(by_theme: Mapping[str, int], highest: int) -> tuple[Piece, ...]:
    pieces, top = [], float(_GROUND)
    for theme in Theme:
        if count := by_theme.get(str(theme), 0):
            height = count / highest * _ROOM
            top -= height
            pieces.append(Piece(str(theme), round(top, 1), round(height, 1)))
    return tuple(pieces)


def _is_covered(month: date, states: dict[date, str]) -> bool:
    return states.get(month, CoverageMonth.State.NO_COVERAGE) != CoverageMonth.State.NO_COVERAGE


def _coverage_words(month: date, states: dict[date, str]) -> str:
    return str(CoverageMonth.State(states.get(month, CoverageMonth.State.NO_COVERAGE)).label)
