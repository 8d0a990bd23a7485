"""Months in a row, each by its first day."""

from datetime import date


def months_between(first: date, last: date) -> list[date]:
    """Every month from that of the first day to that of the last."""
    start, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [date(month // 12, month % 12 + 1, 1) for month in range(start, end + 1)]
