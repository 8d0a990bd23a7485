from datetime import date

import pytest

from impact.places.production.periods import NotAPeriod, Period, between, read_period


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("2023", "2023"),
        ("2023.0", "2023"),
        ("2023-H1", "2023-H1"),
        ("2023H2", "2023-H2"),
        ("H2 2023", "2023-H2"),
        ("2023 S1", "2023-H1"),
        ("1er semestre 2023", "2023-H1"),
        ("2º semestre de 2023", "2023-H2"),
        ("First half 2023", "2023-H1"),
        ("2023Q1", "2023-Q1"),
        ("Q4-2023", "2023-Q4"),
        ("T3 2023", "2023-Q3"),
        ("2e trimestre 2023", "2023-Q2"),
        ("2023-05", "2023-05"),
        ("2023-01-01/2023-06-30", "2023-H1"),
        ("2024-01-01 to 2024-09-30", "2024-01-01/2024-09-30"),
    ],
)
def test_it_reads_a_period_and_says_it_again(words: str, label: str) -> None:
    period = read_period(words)
    assert period.label == label
    assert read_period(period.label) == period


@pytest.mark.parametrize("words", ["", "23", "2023-H3", "2023-13", "last year", "2023-06-30/2023-01-01"])
def test_it_refuses_what_is_none(words: str) -> None:
    with pytest.raises(NotAPeriod):
        read_period(words)


def test_days_are_inclusive() -> None:
    assert between("2024-01-01", date(2024, 12, 31)).days == 366
    assert read_period("2023-H2") == Period(date(2023, 7, 1), date(2023, 12, 31))
