from datetime import date

import pytest

from impact.summaries.months import months_between


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2025, 11, 30), date(2026, 2, 1), [(2025, 11), (2025, 12), (2026, 1), (2026, 2)]),
        (date(2026, 3, 31), date(2026, 3, 1), [(2026, 3)]),
        (date(2026, 3, 1), date(2026, 2, 28), []),
    ],
)
def test_every_month_comes_once_in_order(first: date, last: date, expected: list[tuple[int, int]]) -> None:
    assert months_between(first, last) == [date(year, month, 1) for year, month in expected]
