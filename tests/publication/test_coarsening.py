from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.publication.coarsening import coarsen_dates
from impact.vocabulary import DatePrecision

days = st.dates(date(2000, 1, 1), date(2030, 12, 31))
harms = st.sampled_from([["killing"], ["threats"], ["water_pollution"]])


@pytest.mark.parametrize(
    ("first", "last", "harms", "expected"),
    [
        (
            date(2026, 11, 18),
            date(2026, 11, 18),
            ["killing"],
            (date(2026, 11, 16), date(2026, 11, 22), "week"),
        ),
        (
            date(2026, 11, 18),
            date(2026, 11, 18),
            ["threats"],
            (date(2026, 11, 1), date(2026, 11, 30), "month"),
        ),
        (
            date(2026, 10, 20),
            date(2026, 11, 4),
            ["killing"],
            (date(2026, 10, 1), date(2026, 11, 30), "month"),
        ),
        (date(2026, 2, 3), date(2026, 9, 4), ["killing"], (date(2026, 1, 1), date(2026, 12, 31), "year")),
    ],
)
def test_days_become_weeks_months_or_years(
    first: date, last: date, harms: list[str], expected: tuple[date, date, str]
) -> None:
    coarse = coarsen_dates(first, last, harms)
    assert (coarse.from_on, coarse.to_on, coarse.precision) == expected


def test_harm_to_a_river_in_which_nobody_is_counted_keeps_its_day() -> None:
    day = date(2026, 11, 18)
    assert coarsen_dates(day, day, ["river_damage"], has_people=False).precision == DatePrecision.DAY
    assert coarsen_dates(day, day, ["river_damage"], has_people=True).precision == DatePrecision.WEEK
    assert (
        coarsen_dates(day, day, ["river_damage", "injury"], has_people=False).precision == DatePrecision.WEEK
    )


@given(days, st.integers(0, 400), harms, harms, st.booleans())
def test_two_periods_of_one_incident_tell_no_more_than_the_finer(
    first: date, length: int, before: list[str], after: list[str], has_people: bool
) -> None:
    last = first + timedelta(days=length)
    once = coarsen_dates(first, last, before, has_people=has_people)
    again = coarsen_dates(first, last, after, has_people=has_people, kept=once)
    assert once.from_on <= first
    assert last <= once.to_on
    assert again.from_on <= once.from_on
    assert once.to_on <= again.to_on


def test_an_incident_that_turned_out_to_be_of_another_month_gets_its_own_period() -> None:
    once = coarsen_dates(date(2026, 11, 18), date(2026, 11, 18), ["threats"])
    again = coarsen_dates(date(2026, 9, 2), date(2026, 9, 2), ["killing"], kept=once)
    assert (again.from_on, again.precision) == (date(2026, 8, 31), DatePrecision.WEEK)
