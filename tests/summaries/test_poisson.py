"""Against tables that others printed: Garwood's limits for counts, as in every epidemiology handbook."""

import math

import pytest

from impact.summaries.poisson import poisson_interval, weighted_interval


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (4, 1.090, 10.242), (10, 4.795, 18.390), (100, 81.36, 121.63)],
)
def test_it_agrees_with_the_printed_tables(count: int, low: float, high: float) -> None:
    interval = poisson_interval(count, 1.0)
    assert interval.rate == count
    assert interval.low == pytest.approx(low, abs=0.005)
    assert interval.high == pytest.approx(high, abs=0.01)


def test_a_count_is_as_likely_at_its_limits_as_was_promised() -> None:
    interval = poisson_interval(7, 2.0)
    low, high = interval.low * 2, interval.high * 2
    at_least = 1 - sum(math.exp(-low) * low**k / math.factorial(k) for k in range(7))
    at_most = sum(math.exp(-high) * high**k / math.factorial(k) for k in range(8))
    assert at_least == pytest.approx(0.025)
    assert at_most == pytest.approx(0.025)


def test_one_event_with_many_people_is_less_sure_than_many_with_one() -> None:
    one, many = weighted_interval([20.0], 1.0), weighted_interval([1.0] * 20, 1.0)
    assert one.rate == many.rate == 20
    assert one.low < many.low
    assert one.high > many.high
    assert weighted_interval([1.0] * 20, 1.0) == poisson_interval(20, 1.0)


def test_a_rate_needs_an_exposure() -> None:
    with pytest.raises(ValueError, match="exposure"):
        poisson_interval(3, 0)
