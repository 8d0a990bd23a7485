"""The hour at which it happened: "at 3am", "vers 15h30", "às 3 da manhã", "saa nane mchana" (two o'clock)."""

import re
from dataclasses import dataclass

from impact.understanding.counts import Count, counts_in
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText

_CLOCK = re.compile(r"(?<![\d:/.,-])([01]?\d|2[0-3])(?:[:h]|\s?h\s?)([0-5]\d)(?![\d:/])", re.IGNORECASE)
_REACH = 4
_NOON, _DAY = 12, 24
# Before this hour "in the night" is after midnight.
_DEEP_NIGHT = 6


@dataclass(frozen=True, slots=True)
class HourFound:
    """The hour, 0 to 23, local to the sender, and the words it came from, first and last token."""

    hour: int
    first: int
    last: int


def find_hour(marked: MarkedText) -> HourFound | None:
    """The first hour that a text gives, or None. A stretch of hours ("for 3 hours") is none."""
    for name, hour in (("midnight", 0), ("noon", _NOON)):
        for match in marked.marks("hours", name):
            return HourFound(hour, match.first, match.last)
    return _written(marked) or _spoken(marked)


def _written(marked: MarkedText) -> HourFound | None:
    for match in _CLOCK.finditer(marked.text):
        within = [i for i, t in enumerate(marked.tokens) if match.start() <= t.start and t.end <= match.end()]
        if within:
            return HourFound(_in_half(int(match[1]), within[-1], marked), within[0], within[-1])
    return None


def _spoken(marked: MarkedText) -> HourFound | None:
    starts = {match.last + 1 for match in marked.marks("hours", "at")}
    units = {match.first: match for match in marked.marks("hours", "unit")}
    halves = {match.first: match for match in marked.marks("hours", "am", "pm")}
    for count in counts_in(marked) if starts or halves else ():
        following = count.last + 1
        has_half = following in halves or (following in units and units[following].last + 1 in halves)
        if count.low > _DAY or count.low != count.high or not (has_half or count.first in starts):
            continue
        first = _first_hour(marked)
        if first and count.first in starts and count.low <= _NOON:
            return HourFound(_swahili(count, first, marked), count.first - 1, count.last)
        if has_half or following in units:
            unit = units.get(following)
            last = unit.last if unit else count.last
            return HourFound(_in_half(count.low, last, marked), count.first, last)
    return None


def _first_hour(marked: MarkedText) -> int:
    return marked.lexicons[0].first_hour if marked.lexicons else 0


def _swahili(count: Count, first: int, marked: MarkedText) -> int:
    """Hours from six in the morning or six in the evening: "saa tisa usiku" is three at night."""
    hour = (count.low + first) % _NOON
    half = _half_after(count.last, marked)
    if half is None or half.label.name == "am":
        return hour
    word = marked.tokens[half.first].word
    return hour if word == "usiku" and hour < _DEEP_NIGHT else hour + _NOON


def _in_half(hour: int, last: int, marked: MarkedText) -> int:
    half = _half_after(last, marked)
    if half and half.label.name == "pm" and _DEEP_NIGHT <= hour < _NOON:
        return hour + _NOON
    if half and half.label.name == "pm" and hour < _DEEP_NIGHT and not _is_night(half, marked):
        return hour + _NOON
    if half and half.label.name == "am" and hour == _NOON:
        return 0
    return hour % _DAY


def _is_night(half: Match, marked: MarkedText) -> bool:
    return any(
        marked.tokens[index].word in {"night", "tonight"} for index in range(half.first, half.last + 1)
    )


def _half_after(last: int, marked: MarkedText) -> Match | None:
    """The words that tell morning from evening, after the hour or before it in the same sentence."""
    tokens = marked.tokens
    halves = [
        match
        for match in marked.marks("hours", "am", "pm")
        if tokens[match.first].sentence == tokens[last].sentence and abs(match.first - last) <= _REACH
    ]
    return min(halves, key=lambda match: abs(match.first - last), default=None)
