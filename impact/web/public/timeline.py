"""The months under the map: a bar each, drawn on the server; the page's script moves through them."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format

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
    known = {f"{month:%Y-%m}": themes.total() for month, themes in months_of_all.items() if month}
    keys = _keys(min(known), max(known))[-_MOST_MONTHS:] if known else []
    most = max((known.get(key, 0) for key in keys), default=0)
    months = []
    for index, key in enumerate(keys):
        first = date.fromisoformat(f"{key}-01")
        height = round(known.get(key, 0) / (most or 1) * HEIGHT, 1)
        is_within = (not chosen.from_on or key >= f"{chosen.from_on:%Y-%m}") and (
            not chosen.to_on or key <= f"{chosen.to_on:%Y-%m}"
        )
        months.append(
            Month(
                key=key,
                label=date_format(first, "YEAR_MONTH_FORMAT"),
                count=known.get(key, 0),
                x=index + 0.1,
                y=HEIGHT - height,
                height=height,
                is_within=is_within,
            )
        )
    return Timeline(
        months=tuple(months),
        most=most,
        view_box=f"0 0 {max(len(keys), 1)} {HEIGHT}",
        undated=sum(themes.total() for month, themes in months_of_all.items() if not month),
    )


def _keys(first: str, last: str) -> list[str]:
    year, month = int(first[:4]), int(first[5:])
    keys = []
    while (key := f"{year:04d}-{month:02d}") <= last:
        keys.append(key)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return keys
