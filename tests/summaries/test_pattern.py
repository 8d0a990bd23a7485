from datetime import date
from itertools import product

import pytest
from django.utils import translation

from impact.publication.filtering import IncidentFilter
from impact.publication.models import CoverageMonth
from impact.summaries.pattern import Direction, pattern, trend_p
from impact.summaries.pattern_words import (
    p_words,
    pattern_sentence,
    recurring_sentences,
    trend_sentence,
    verdict_sentence,
)
from tests.builders import NOW, make_area, make_published

CD = IncidentFilter(country=("CD",))


def enumerated_p(observed: int, count: int, weights: list[float]) -> float:
    """The same by laying every event into every month, one after the other."""
    odds = [weight / sum(weights) for weight in weights]
    below = above = 0.0
    for months in product(range(len(odds)), repeat=count):
        chance = 1.0
        for month in months:
            chance *= odds[month]
        below += chance * (sum(months) <= observed)
        above += chance * (sum(months) >= observed)
    return min(1.0, 2 * min(below, above))


@pytest.mark.parametrize("months", [[0, 0, 0, 1], [3, 3, 2, 3], [0, 1, 2, 3], [1, 1, 2, 2]])
@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0, 1.0], [1.0, 2.0, 5.0, 9.0]])
def test_the_test_against_chance_is_exact(months: list[int], weights: list[float]) -> None:
    p, _ = trend_p(months, weights)
    assert p == pytest.approx(enumerated_p(sum(months), len(months), weights))


def test_it_is_the_same_past_the_exact_range() -> None:
    months = [index % 24 for index in range(264)] + [23] * 24 + [12] * 12
    exact, _ = trend_p(months, [1.0] * 24)
    approximate, _ = trend_p([*months, 12], [1.0] * 24)
    assert 0.001 < exact < 0.2
    assert approximate == pytest.approx(exact, rel=0.1)


def month(number: int, reports: int | None = 10) -> CoverageMonth:
    return CoverageMonth(
        country="CD",
        month=date(2026, number, 1),
        state="reports" if reports != 0 else "no_reports",
        reports=reports,
        reporters=reports,
        monitors=0,
        counted_at=NOW,
    )


@pytest.mark.django_db
def test_it_counts_sites_months_and_who_comes_again() -> None:
    CoverageMonth.objects.bulk_create(month(number) for number in range(1, 11))
    areas = [make_area(f"Site {number}") for number in range(3)]
    for number, area in ((1, areas[0]), (5, areas[1]), (8, areas[2]), (9, areas[2]), (9, areas[0])):
        make_published(
            occurred_from=date(2026, number, 3), occurred_to=date(2026, number, 9), areas=((area, 1000.0),)
        )
    make_published(occurred_from=None, occurred_to=None, perpetrator="unknown", longitude=None, latitude=None)
    found = pattern(CD, "CD")
    assert (found.incidents, found.sites, found.months_with, found.months_covered) == (6, 3, 4, 10)
    assert found.undated == 1
    (army,) = found.recurring
    assert (army.perpetrator, army.incidents, army.months, army.sites) == ("army", 5, 4, 3)
    assert found.is_widespread
    assert found.is_systematic
    assert pattern_sentence(found) == (
        "6 published incidents at 3 sites, in 4 of the 10 months in which people were there to report."
    )
    assert recurring_sentences(found) == ["Army: 5 incidents in 4 months at 3 sites."]
    assert verdict_sentence(found).startswith(
        "By our measure this is widespread and systematic. Widespread: 5"
    )


@pytest.mark.django_db
def test_a_rise_that_the_reports_explain_is_said_to_be_that() -> None:
    CoverageMonth.objects.bulk_create(month(number, reports=number**3) for number in range(2, 11))
    for number in (8, 9, 9, 10, 10, 10, 10):
        make_published(occurred_from=date(2026, number, 3), occurred_to=date(2026, number, 9))
    found = pattern(CD, "CD")
    assert found.trend is not None
    assert found.trend.direction is Direction.MORE
    assert found.trend.is_beyond_chance
    assert not found.trend.is_beyond_reporting
    assert "But no more than the number of reports received in each month would make" in trend_sentence(found)


@pytest.mark.django_db
def test_two_incidents_are_no_pattern() -> None:
    make_published()
    make_published()
    found = pattern(CD, "CD")
    assert not found.is_widespread
    assert not found.is_systematic
    assert "not told from fewer than 5" in trend_sentence(found)
    assert pattern_sentence(pattern(IncidentFilter(country=("AO",)), "AO")).endswith(
        "no finding that nothing happened."
    )


def test_a_probability_is_printed_as_each_language_prints_numbers() -> None:
    for language, printed in (
        ("en", ["p = 0.55", "p = 0.032", "p < 0.001"]),
        ("fr", ["p = 0,55", "p = 0,032", "p < 0,001"]),
    ):
        with translation.override(language):
            assert [p_words(p) for p in (0.55, 0.032, 0.0002)] == printed
