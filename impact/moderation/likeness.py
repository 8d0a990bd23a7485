"""How likely two cases are one: pure points for time, distance, harm, people and words, each with its reason.

Nothing here depends on a language: places are points with their uncertainty, days are intervals, harms are
codes, and of the words only names, numbers and (near) sameness count. Points add up as evidence does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pyproj import Geod
from rapidfuzz import fuzz

from impact.places.names import fold_letters
from impact.understanding.tokens import Token, tokens_of
from impact.vocabulary import Harm, Perpetrator, theme_of

SUGGESTED_FROM = 2.5  # points; chosen on the labelled pairs of six towns, three more are kept aside
FARTHEST_DAYS = 21
_UNKNOWN_DAY_SPAN = timedelta(days=7)  # people report within days: when nothing says when, it was lately
_NEAR_M, _SAME_AREA_M, _FAR_M = 5_000.0, 15_000.0, 40_000.0
_VAGUE_M = 15_000.0
_SHORTEST_NAME = 4
_WGS84 = Geod(ellps="WGS84")


class Reason(StrEnum):
    """Why two cases look like one. The words for people are in the pages."""

    SAME_DAY = "same_day"
    NEAR_DAYS = "near_days"
    SAME_PLACE = "same_place"
    NEAR_PLACE = "near_place"
    SAME_HARM = "same_harm"
    SAME_PERPETRATOR = "same_perpetrator"
    SAME_PEOPLE = "same_people"
    SAME_NAMES = "same_names"
    SAME_NUMBERS = "same_numbers"
    SAME_WORDS = "same_words"
    SAME_REPORTER = "same_reporter"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What two cases are compared by. `point` is (longitude, latitude), WGS 84; texts are as sent."""

    received_on: date
    harms: tuple[str, ...] = ()
    perpetrator: str = Perpetrator.UNKNOWN
    people: Mapping[str, Mapping[str, int]] | None = None
    occurred: tuple[date, date] | None = None
    point: tuple[float, float] | None = None
    uncertainty_m: float = 0.0
    place_name: str = ""
    texts: tuple[str, ...] = ()
    reporters: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Likelihood:
    """`score` in points, more is likelier; the reasons for it, the strongest first."""

    score: float
    reasons: tuple[Reason, ...]


def compare_cases(one: CaseFacts, other: CaseFacts) -> Likelihood:
    """How likely two cases are the same event."""
    points: list[tuple[float, Reason | None]] = [
        _days(one, other),
        _distance(one, other),
        _harms(one, other),
        _perpetrators(one, other),
        _people(one, other),
        *_words(one, other),
    ]
    if one.reporters & other.reporters and abs((one.received_on - other.received_on).days) <= 3:
        points.append((0.7, Reason.SAME_REPORTER))
    reasons = sorted(((value, reason) for value, reason in points if reason and value > 0), reverse=True)
    return Likelihood(
        round(sum(value for value, _reason in points), 2), tuple(reason for _value, reason in reasons)
    )


def rough_score(one: CaseFacts, other: CaseFacts) -> float:
    """The points without those for words and people: quick, to choose whom to compare in full."""
    return _days(one, other)[0] + _distance(one, other)[0] + _harms(one, other)[0]


def _days(one: CaseFacts, other: CaseFacts) -> tuple[float, Reason | None]:
    first, second = _interval(one), _interval(other)
    gap = max((second[0] - first[1]).days, (first[0] - second[1]).days, 0)
    spans = [(last - begin).days for begin, last in (first, second)]
    is_exact = one.occurred is not None and other.occurred is not None and max(spans) <= 1
    if gap == 0:
        return (1.8, Reason.SAME_DAY) if is_exact else (0.7, Reason.NEAR_DAYS)
    if gap == 1:
        return (0.3, Reason.NEAR_DAYS) if is_exact else (0.2, Reason.NEAR_DAYS)
    if gap <= 3:
        return (-1.2 if is_exact else -0.3), None
    return (-2.5 if gap <= 7 else -4.0), None


def _interval(case: CaseFacts) -> tuple[date, date]:
    return case.occurred or (case.received_on - _UNKNOWN_DAY_SPAN, case.received_on)


def _distance(one: CaseFacts, other: CaseFacts) -> tuple[float, Reason | None]:
    if one.point is None or other.point is None:
        return 0.0, None
    apart_m = float(_WGS84.inv(*one.point, *other.point)[2])
    uncertain_m = one.uncertainty_m + other.uncertainty_m
    beyond_m = max(0.0, apart_m - uncertain_m)
    if beyond_m == 0.0:
        if apart_m <= _NEAR_M or uncertain_m <= _VAGUE_M:
            return 1.2, Reason.SAME_PLACE
        return 0.5, Reason.NEAR_PLACE
    if beyond_m <= _NEAR_M:
        return 0.4, Reason.NEAR_PLACE
    if beyond_m <= _SAME_AREA_M:
        return -0.8, None
    return (-2.5 if beyond_m <= _FAR_M else -5.0), None


def _harms(one: CaseFacts, other: CaseFacts) -> tuple[float, Reason | None]:
    first, second = (set(case.harms) - {Harm.OTHER} for case in (one, other))
    if not first or not second:
        return 0.0, None
    shared = first & second
    if shared:
        is_main = one.harms[0] == other.harms[0]
        return (1.2 if is_main else 0.8), Reason.SAME_HARM
    if {theme_of(harm) for harm in first} & {theme_of(harm) for harm in second}:
        return -0.9, None
    return -1.8, None


def _perpetrators(one: CaseFacts, other: CaseFacts) -> tuple[float, Reason | None]:
    if Perpetrator.UNKNOWN in {one.perpetrator, other.perpetrator}:
        return 0.0, None
    return (0.6, Reason.SAME_PERPETRATOR) if one.perpetrator == other.perpetrator else (-0.7, None)


def _people(one: CaseFacts, other: CaseFacts) -> tuple[float, Reason | None]:
    first, second = one.people or {}, other.people or {}
    best, worst = 0.0, 0.0
    for kind in first.keys() & second.keys():
        (low, high), (low2, high2) = (
            (count.get("low", 0), count.get("high", 0)) for count in (first[kind], second[kind])
        )
        if max(low, low2) <= min(high, high2):
            best = max(best, 0.5 if max(high, high2) <= 1 else 1.0)
        elif abs(low - low2) > max(1.0, 0.35 * max(low, low2)):
            worst = -1.0
    if best and worst:
        return 0.2, Reason.SAME_PEOPLE
    return (best, Reason.SAME_PEOPLE) if best else (worst, None)


def _words(one: CaseFacts, other: CaseFacts) -> list[tuple[float, Reason | None]]:
    points: list[tuple[float, Reason | None]] = []
    if numbers := _numbers(one) & _numbers(other):
        points.append((1.4 if max(numbers) > 10 else 0.8, Reason.SAME_NUMBERS))
    if names := (_names(one) & _names(other)) - _place_words(one) - _place_words(other):
        points.append((min(1.6, 0.8 * len(names)), Reason.SAME_NAMES))
    closeness = max(
        (
            fuzz.token_set_ratio(fold_letters(text), fold_letters(told))
            for text in one.texts
            for told in other.texts
        ),
        default=0.0,
    )
    if closeness >= 90:
        points.append((2.2, Reason.SAME_WORDS))
    elif closeness >= 68:
        points.append((0.9, Reason.SAME_WORDS))
    return points


def _tokens(case: CaseFacts) -> list[Token]:
    return [token for text in case.texts for token in tokens_of(text)]


def _numbers(case: CaseFacts) -> set[int]:
    """Figures in the words, but for the small ones that are in every story and for years."""
    told = {token.number for token in _tokens(case)} - {None}
    counted = {
        count[end] for count in (case.people or {}).values() for end in ("low", "high") if end in count
    }
    return {number for number in told if number and number > 4 and not 1990 < number < 2050} - counted


def _names(case: CaseFacts) -> set[str]:
    """Words with a capital inside a sentence: names, in any of the languages that we read."""
    tokens = _tokens(case)
    return {
        token.word
        for before, token in zip([None, *tokens], tokens, strict=False)
        if token.is_capital
        and len(token.word) >= _SHORTEST_NAME
        and before is not None
        and before.sentence == token.sentence
    }


def _place_words(case: CaseFacts) -> set[str]:
    return {token.word for token in tokens_of(case.place_name)}
