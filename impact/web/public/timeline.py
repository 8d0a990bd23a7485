"""The months under the map: a bar each, drawn on the server; the page's script moves through them."""

from dataclasses import dataclass, replace

from django.utils.formats import date_format

from impact.summaries.months import months_between
from impact.summaries.tally import Tally, months_by_theme

_MOST_MONTHS = 180
HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Month:
    """One bar: `key` is 2026-06, lengths are in the drawing's units, a unit across for each month."""

    key: str
    label: str
    count: int
    x: float
    y: float
    height: float
    is_within: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    months: tuple[Month, ...]
    most: int
    view_box: str
    undated: int

    @property
    def words(self) -> dict[str, str]:
        """The months by key, for the script."""
        return {month.key: month.label for month in self.months}


def timeline(counted: Tally) -> Timeline:
    """What the filter shows by month of its first day, whatever days it asks for: the last 15 years."""
    chosen = counted.chosen
    months_of_all = (
        months_by_theme(replace(chosen, from_on=None, to_on=None))
        if chosen.from_on or chosen.to_on
        else counted.months
    )
    known = {month: themes.total() for month, themes in months_of_all.items() if month}
    shown = months_between(min(known), max(known))[-_MOST_MONTHS:] if known else []
    most = max((known.get(month, 0) for month in shown), default=0)
    months = []
    for index, first in enumerate(shown):
        height = round(known.get(first, 0) / (most or 1) * HEIGHT, 1)
        is_within = (not chosen.from_on or first >= chosen.from_on.replace(day=1)) and (
            not chosen.to_on or first <= chosen.to_on
        )
        months.append(
            Month(
                key=f"{first:%Y-%m}",
                label=date_format(first, "YEAR_MONTH_FORMAT"),
                count=known.get(first, 0),
                x=index + 0.1,
                y=HEIGHT - height,
                height=height,
                is_within=is_within,
            )
        )
    return Timeline(
        months=tuple(months),
        most=most,
        view_box=f"0 0 {max(len(shown), 1)} {HEIGHT}",
        undated=sum(themes.total() for month, themes in months_of_all.items() if not month),
    )
