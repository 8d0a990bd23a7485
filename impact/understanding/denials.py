"""Whether what a phrase tells happened at all: it may be denied, or only be announced."""

from impact.understanding.phrase_notation import FUTURE, NEGATIVE
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm

_CONDITIONS = {"if", "si", "se", "kama", "ikiwa", "soki", "kana"}
_JOINING = frozenset("or nor and ou ni nem e et au wala na neither".split())
_NEGATION_REACH, _AFTER_REACH, _FUTURE_REACH = 4, 3, 4


def is_negated(match: Match, marked: MarkedText, negations: list[Match] | None = None) -> bool:
    """Whether the words before say that it did not happen ("no one was hurt", "sans blessés")."""
    if match.form == NEGATIVE:
        return True
    tokens = marked.tokens
    for negation in marked.marks("negation", "no") if negations is None else negations:
        if negation.last >= match.first:
            break
        between = range(negation.last + 1, match.first)
        if (
            len(between) > _NEGATION_REACH
            or tokens[negation.last].clause != tokens[match.first].clause
            or any(
                b.first in between or b.first == negation.first for b in marked.marks("negation", "breaks")
            )
            # The words of another harm may carry the negation: "they did not pay us and beat two"; or have
            # used it up: "nobody was hurt when the pit collapsed", but not "nobody was hurt or killed".
            or _is_used_up(between, marked)
            or any(m != match for m in marked.covering("harms", negation.last))
        ):
            continue
        return True
    return any(
        0 < after.first - match.last <= _AFTER_REACH
        and tokens[after.first].clause == tokens[match.last].clause
        and not any(match.last < b.first < after.first for b in marked.marks("negation", "breaks"))
        and not any(m != match for m in marked.covering("harms", after.first))
        for after in marked.marks("negation", "after")
        if not match.first <= after.first <= match.last
    )


def _is_used_up(between: range, marked: MarkedText) -> bool:
    """Whether another harm stands between a negation and a match, with nothing that joins the two."""
    told = [m for index in between for m in marked.covering("harms", index) if m.last in between]
    if not told:
        return False
    return not any(marked.tokens[index].word in _JOINING for index in range(told[0].first, between.stop))


def _is_dated(month: int, marked: MarkedText) -> bool:
    """Whether a number stands beside the name of a month, which may be a verb: "on 4 May", "May 4th"."""
    beside = marked.tokens[max(0, month - 3) : month + 2]
    return any(token.number is not None for token in beside)


def is_announced(match: Match, marked: MarkedText) -> bool:
    """Whether the words before, or its verb, say that it will happen ("they will burn our houses")."""
    if match.form == FUTURE:
        return True
    tokens = marked.tokens
    for mark in marked.marks("future", "marks"):
        if _is_no_mark(mark, match, marked):
            continue
        if (
            match.first < mark.first
            and mark.last < match.last
            and tokens[match.first].clause == tokens[match.last].clause
            and tokens[mark.first].word not in _CONDITIONS
            and not any(match.first <= no.first < mark.first for no in marked.marks("negation", "no"))
        ):
            # "All huts will burn"; but not "they took him and nobody knows if he lives".
            return True
        if mark.last >= match.first:
            break
        if (
            match.first - mark.last - 1 <= _FUTURE_REACH
            and not any(m.label.name == "no" for m in marked.covering("negation", mark.first))
            and tokens[mark.last].sentence == tokens[match.first].sentence
            and not any(
                mark.last < other.first and other.last < match.first
                for other in (*marked.marks("negation", "breaks"), *marked.marks("harms"))
                if other.label.name != Harm.THREATS
            )
        ):
            return True
    return False


def _is_no_mark(mark: Match, match: Match, marked: MarkedText) -> bool:
    """ "Against their will", Krio "wan man" (one man), "go na di kamp" (to the camp) announce nothing."""
    if any(
        other != match and other.first < mark.first and other.label.name != Harm.THREATS
        for other in marked.covering("harms", mark.first)
    ):
        return True
    # "On 4 May".
    if marked.covering("months", mark.first) and _is_dated(mark.first, marked):
        return True
    if match.first < mark.first and any(m.first == mark.last + 1 for m in marked.marks("places", "at")):
        return True
    is_number = mark.first == mark.last and marked.number_of(marked.tokens[mark.first].word) is not None
    return is_number and any(m.first == mark.last + 1 for m in marked.marks("counting", "persons"))
