"""Whether a number counts some of those who are counted already: "5 hurt, 2 of them badly", "both died"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from impact.understanding.counts import Count
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.understanding.victims import past_copulas

Paired = tuple[int, Count, Match]
_LED_REACH, _LISTED_REACH = 3, 3
_SHARED = {"of", "out", "the", "our", "those", "these", "all"}
_SAID_BEHIND = 3
_OPENINGS = "(:"


def counts_included(counts: Sequence[Count], kinds: Sequence[Match], marked: MarkedText) -> set[int]:
    """The first tokens of the numbers that "including" leads: "including 2 women and a child".

    A number with a kind of its own right behind it ends the list ("including 2 women and 3 hurt"), but no
    list of ages ("aged 8 and 10 died").
    """
    tokens, found = marked.tokens, set[int]()
    deeds = {kind.first for kind in kinds}
    ages = {match.last for match in marked.marks("counting", "labels")}
    for leader in marked.marks("counting", "including"):
        end, reach, are_ages = leader.last, _LED_REACH, leader.last in ages
        for count in counts:
            if count.first <= end:
                continue
            is_apart = tokens[count.first].sentence != tokens[leader.last].sentence
            behind = past_copulas(count.last + 1, tokens)
            if count.first - end > reach or is_apart or (not are_ages and behind in deeds):
                break
            found.add(count.first)
            end, reach = count.last, _LISTED_REACH
    return found


def are_shared(counts: Sequence[Count], marked: MarkedText) -> set[int]:
    """The first tokens of the numbers of which another counts a part: "4 of the 7", "nine out of twelve"."""
    tokens, found = marked.tokens, set[int]()
    for part, whole in pairwise(counts):
        between = {token.word for token in tokens[part.last + 1 : whole.first]}
        if "of" in between and between <= _SHARED and part.low < whole.low:
            found.add(whole.first)
    return found


def without_portions(paired: list[Paired], marked: MarkedText) -> list[Paired]:
    """Without the numbers that count a part of those whom a number before counts for the same kind."""
    if len(paired) < 2:
        return paired
    return [pair for place, pair in enumerate(paired) if not _is_portion(pair, paired[:place], marked)]


def _is_portion(pair: Paired, before: Sequence[Paired], marked: MarkedText) -> bool:
    _, count, kind = pair
    tokens = marked.tokens
    sentence = tokens[count.first].sentence
    wholes = [
        whole
        for _, whole, other in before
        if other.label.name == kind.label.name
        and whole.low >= count.low
        and sentence - tokens[whole.first].sentence <= 1
    ]
    return bool(wholes) and (
        _is_said_of_some(count, marked) or any(_breaks_down(whole, count, marked) for whole in wholes)
    )


def _is_said_of_some(count: Count, marked: MarkedText) -> bool:
    behind = count.last + _SAID_BEHIND
    clause = marked.tokens[count.last].clause
    return any(
        match.first <= count.first <= match.last
        or match.last == count.first - 1
        or (count.last < match.first <= behind and marked.tokens[match.first].clause == clause)
        for match in marked.marks("counting", "portions")
    )


def _breaks_down(whole: Count, count: Count, marked: MarkedText) -> bool:
    """Whether a bracket or a colon opens between two numbers: "5 people (3 women, 2 men)"."""
    tokens, text = marked.tokens, marked.text
    if tokens[whole.first].sentence != tokens[count.first].sentence:
        return False
    between = text[tokens[whole.last].end : tokens[count.first].start]
    return any(sign in between for sign in _openings(text, tokens[whole.first].start)) and ")" not in between


def _openings(text: str, start: int) -> Iterator[str]:
    """The signs that open a list: a colon opens none where the text is a list of kinds ("Killed: 3")."""
    yield _OPENINGS[0]
    if _OPENINGS[1] not in text[:start]:
        yield _OPENINGS[1]
