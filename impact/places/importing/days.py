"""Days from what people write in a column of dates: a day, a month, a year, a moment, Excel's own."""

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from impact.places.importing.source import cell_text

_YEAR = re.compile(r"(\d{4})(?:\.0)?")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_DAY_LAST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?")
_EARLIEST, _LATEST = 1800, 2200
_MS = re.compile(r"-?\d{11,13}")  # ArcGIS writes milliseconds since 1970


def span_of(cell: object) -> tuple[date, date] | None:
    """The first and the last day that a cell can mean, day before month; None for what is no day."""
    if isinstance(cell, datetime):
        return cell.date(), cell.date()
    if isinstance(cell, date):
        return cell, cell
    text = cell_text(cell)
    try:
        if match := _YEAR.fullmatch(text):
            year = _year(match[1])
            return date(year, 1, 1), date(year, 12, 31)
        if match := _MONTH.fullmatch(text):
            year, month = _year(match[1]), int(match[2])
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        if match := _DAY_LAST.fullmatch(text):
            day = date(_year(match[1]), int(match[2]), int(match[3]))
        elif match := _DAY_FIRST.fullmatch(text):
            first, second, year = int(match[1]), int(match[2]), _year(match[3])
            day = date(year, first, second) if second > 12 else date(year, second, first)
        elif _MS.fullmatch(text):
            day = date(1970, 1, 1) + timedelta(milliseconds=int(text))
            _year(str(day.year))
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return day, day


def _year(text: str) -> int:
    if not _EARLIEST <= int(text) <= _LATEST:
        raise ValueError(text)
    return int(text)
