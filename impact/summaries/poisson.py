"""Exact intervals for rates of counted events.

Counts: F. Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28 (1936). Sums of unequal
events: M. P. Fay and E. J. Feuer, "Confidence intervals for directly standardized rates", Statistics in
Medicine 16 (1997), which is Garwood's interval when every event counts one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import gammaincinv

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate per unit of exposure, and between which rates the true one lies with 95 % confidence."""

    rate: float
    low: float
    high: float


def poisson_interval(count: int, exposure: float) -> Interval:
    """The rate of `count` independent events in an `exposure` greater than nought. Never below nought."""
    return weighted_interval([1.0] * count, exposure)


def weighted_interval(weights: Sequence[float], exposure: float) -> Interval:
    """The rate of what independent events add up to, such as people harmed: each event has a weight.

    Events without weight count for nothing. ValueError for an exposure that is not greater than nought.
    """
    if exposure <= 0:
        raise ValueError("a rate needs an exposure")
    tail = (1 - CONFIDENCE) / 2
    counted = [weight for weight in weights if weight > 0]
    total = sum(counted)
    variance = sum(weight * weight for weight in counted)
    largest = max(counted, default=1.0)
    low = variance / total * float(gammaincinv(total**2 / variance, tail)) if total else 0.0
    total_above, variance_above = total + largest, variance + largest**2
    high = variance_above / total_above * float(gammaincinv(total_above**2 / variance_above, 1 - tail))
    return Interval(total / exposure, low / exposure, high / exposure)
