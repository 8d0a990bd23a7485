"""Stretches of time as production is stated for: a year, a half, a quarter, a month, or two days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from impact.places.names import fold_letters

_YEAR = r"((?:19|20)\d\d)"
_HALF = r"(?:h|hy|s|sem|semester|semestre|half|half-year|1h|semestr)"
_QUARTER = r"(?:q|t|qtr|quarter|trimestre|trim)"
_ORDINAL = r"([1-4])(?:st|nd|rd|th|er|ere|eme|e|o|a)?"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_YEAR}[\s/_-]*{_HALF}\s*([12])"), "half"),
    (re.compile(rf"{_HALF}\s*([12])[\s/_-]*(?:of |de |do )?{_YEAR}"), "half-first"),
    (re.compile(rf"{_ORDINAL}\s*{_HALF}[\s/_-]*(?:of |de |do )?{_YEAR}"), "half-first"),
    (re.compile(rf"{_YEAR}[\s/_-]*{_ORDINAL}\s*{_HALF}"), "half"),
    (re.compile(rf"{_YEAR}[\s/_-]*{_QUARTER}\s*([1-4])"), "quarter"),
    (re.compile(rf"{_QUARTER}\s*([1-4])[\s/_-]*(?:of |de |do )?{_YEAR}"), "quarter-first"),
    (re.compile(rf"{_ORDINAL}\s*{_QUARTER}[\s/_-]*(?:of |de |do )?{_YEAR}"), "quarter-first"),
    (re.compile(rf"{_YEAR}[\s/_-]*{_ORDINAL}\s*{_QUARTER}"), "quarter"),
    (re.compile(rf"{_YEAR}-(0[1-9]|1[0-2])"), "month"),
    (re.compile(rf"{_YEAR}(?:\.0)?"), "year"),
)
_FIRST_AND_LAST = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:/|\.\.|–|—|to|a|au|until| - )\s*(\d{4}-\d\d-\d\d)")
_NAMED = {"first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "premier": "1er"}
_NAMED |= {"primeiro": "1o", "segundo": "2o", "deuxieme": "2e", "troisieme": "3e", "quatrieme": "4e"}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    from_on: date
    to_on: date

    @property
    def label(self) -> str:
        """2023, 2023-H1, 2023-Q1, 2023-05, or the two days."""
        first, last = self.from_on, self.to_on
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        is_whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
        if is_whole and months == 12 and first.month == 1:
            return str(first.year)
        if is_whole and months == 6 and first.month in {1, 7}:
            return f"{first.year}-H{first.month // 6 + 1}"
        if is_whole and months == 3 and first.month % 3 == 1:
            return f"{first.year}-Q{first.month // 3 + 1}"
        if is_whole and months == 1:
            return f"{first:%Y-%m}"
        return f"{first.isoformat()}/{last.isoformat()}"

    def overlaps(self, other: "Period") -> bool:
        return self.from_on <= other.to_on and other.from_on <= self.to_on

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days + 1


class NotAPeriod(ValueError):
    """Words that name no stretch of time."""


def year_period(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def part_of_year(year: int, part: int, parts: int) -> Period:
    """Half, quarter or month `part` (from 1) of a year cut into `parts`. Raises NotAPeriod."""
    if not 1 <= part <= parts:
        raise NotAPeriod(f"{part} of {parts}")
    months = 12 // parts
    last = part * months
    return Period(date(year, last - months + 1, 1), date(year, last, monthrange(year, last)[1]))


def read_period(cell: Any) -> Period:
    """ "2023", "2023-H1", "H2 2023", "1er semestre 2023", "2023Q1", "2023-05", "2023-01-01/2023-06-30".

    Raises NotAPeriod, with the words.
    """
    if isinstance(cell, datetime | date):
        raise NotAPeriod(f"{cell:%Y-%m-%d} is one day")
    words = fold_letters(str(cell)).strip()
    words = " ".join(_NAMED.get(word, word) for word in words.replace("half year", "half").split())
    if both := _FIRST_AND_LAST.fullmatch(words):
        return between(both.group(1), both.group(2))
    for form, what in _FORMS:
        if found := form.fullmatch(words):
            numbers = [int(group) for group in found.groups()]
            if what == "year":
                return year_period(numbers[0])
            year, part = reversed(numbers) if what.endswith("-first") else numbers
            return part_of_year(year, part, {"half": 2, "quart": 4, "month": 12}[what[:5].removesuffix("-")])
    raise NotAPeriod(str(cell)[:60])


def between(first: Any, last: Any) -> Period:
    """The stretch between two days, both included. Raises NotAPeriod."""
    try:
        period = Period(_day(first), _day(last))
    except ValueError:
        raise NotAPeriod(f"{first} to {last}"[:80]) from None
    if period.from_on > period.to_on:
        raise NotAPeriod(f"{first} to {last}: the end is before the beginning"[:120])
    return period


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return date.fromisoformat(str(cell).strip()[:10])
