"""What harm a text tells of: phrases of the lexicons, less what is negated, threats told from acts."""

from collections.abc import Iterable

from impact.understanding.facts import HarmFound, PerpetratorFound, Span
from impact.understanding.phrase_notation import FUTURE, NEGATIVE
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm, Perpetrator

# How grave, for choosing the main one; after it, how often and how early it is told.
_GRAVITY: dict[Harm, int] = {
    Harm.KILLING: 5,
    Harm.SEXUAL_VIOLENCE: 4,
    Harm.DISAPPEARANCE: 4,
    Harm.FORCED_LABOUR: 4,
    Harm.UNSAFE_WORK: 4,
    Harm.INJURY: 3,
    Harm.ARREST: 3,
    Harm.EVICTION: 3,
    Harm.CHILD_LABOUR: 3,
    Harm.EXTORTION: 2,
    Harm.THREATS: 2,
    Harm.ARMED_PRESENCE: 1,
    Harm.OTHER: 0,
}
_OTHER_GRAVITY = 2
DONE_TO_PEOPLE = {
    Harm.KILLING,
    Harm.INJURY,
    Harm.SEXUAL_VIOLENCE,
    Harm.ARREST,
    Harm.EVICTION,
    Harm.DISAPPEARANCE,
}
_DONE_TO_CHILDREN = DONE_TO_PEOPLE | {Harm.UNSAFE_WORK}
_WITHIN = {"in", "dans", "en", "em", "na", "no", "nas", "nos", "pres", "perto"}
_OF_NATURE = {Harm.LAND_DAMAGE, Harm.WATER_POLLUTION, Harm.RIVER_DAMAGE}
_OF_WATER = {Harm.WATER_POLLUTION, Harm.RIVER_DAMAGE}
_LABOUR = {Harm.CHILD_LABOUR, Harm.FORCED_LABOUR}
_CONDITIONS = {"if", "si", "se", "kama", "ikiwa", "soki", "kana"}
_ACCIDENTS = {
    *(Harm.UNSAFE_WORK, Harm.WATER_POLLUTION, Harm.CHEMICALS, Harm.AIR_NOISE),
    *(Harm.LAND_DAMAGE, Harm.RIVER_DAMAGE),
}
_ARMED = {
    *(Perpetrator.ARMY, Perpetrator.POLICE, Perpetrator.ARMED_GROUP),
    *(Perpetrator.PRIVATE_SECURITY, Perpetrator.CIVILIANS),
}
# A longer phrase of another harm may hold these and tell of both: "mercury in the river".
_STANDS_ALONE = {Harm.KILLING, Harm.INJURY, Harm.SEXUAL_VIOLENCE, Harm.CHEMICALS}
_JOINING = frozenset("or nor and ou ni nem e et au wala na neither".split())
_CARE = ("hosp", "hopit", "lopital", "nganga", "danganga", "soin", "clini", "chipatara", "osp")
_NEGATION_REACH, _AFTER_REACH, _FUTURE_REACH = 4, 3, 4
_SURE_CONFIDENCE, _UNLESS_CONFIDENCE, _ALONE_CONFIDENCE, _OTHER_CONFIDENCE = 0.85, 0.75, 0.5, 0.3


def find_harms(marked: MarkedText, perpetrator: PerpetratorFound | None) -> tuple[HarmFound, ...]:
    """The harms of a text, the main one first; empty when none is told.

    An accident explains the dead and the hurt unless an armed person is named; what is negated does not
    count; what is only announced ("they will burn our houses") is a threat.
    """
    told: dict[Harm, list[Match]] = {}
    strengths: dict[Harm, set[str]] = {}
    negations = marked.marks("negation", "no")
    for match in marked.marks("harms"):
        if is_negated(match, marked, negations):
            continue
        if match.label.name == Harm.CHILD_LABOUR and (
            _is_part_of_name(match, marked) or _holds_a_deed(match, marked)
        ):
            continue
        # "Beaten to death" is one deed.
        if match.label.name == Harm.INJURY and any(
            k.label.name == Harm.KILLING for k in marked.covering("harms", match.first)
        ):
            continue
        if match.label.name == Harm.KILLING and _is_of_nature(match, marked):
            continue
        if (
            _is_within_another(match, marked)
            or _is_hole_of_accident(match, marked)
            or _is_work(match, marked)
        ):
            continue
        harm = Harm(match.label.name)
        if harm in DONE_TO_PEOPLE and _is_announced(match, marked):
            harm = Harm.THREATS
            strengths.setdefault(harm, set()).add("sure")
        else:
            strengths.setdefault(harm, set()).add(match.label.strength)
        told.setdefault(harm, []).append(match)
    kept = _explained(told, strengths, perpetrator, marked)
    found = [
        HarmFound(harm, _confidence(told[harm], strengths[harm]), _distinct(m.span for m in told[harm]))
        for harm in kept
    ]
    found.sort(key=lambda f: (-_GRAVITY.get(f.harm, _OTHER_GRAVITY), f.spans[0].start))
    return tuple(found)


def _holds_a_deed(match: Match, marked: MarkedText) -> bool:
    """Whether something was done to the children whom it names: "two girls raped by mine guards"."""
    return any(
        deed.label.name in _DONE_TO_CHILDREN and deed.label.strength != "only_alone"
        for index in range(match.first + 1, match.last)
        for deed in marked.covering("harms", index)
    )


def _is_within_another(match: Match, marked: MarkedText) -> bool:
    """Whether a longer phrase of another harm explains it: "poured hot water on" is no pollution of water."""
    return match.label.name not in _STANDS_ALONE and any(
        other.label.name not in {match.label.name, Harm.CHILD_LABOUR, Harm.ARMED_PRESENCE}
        and other.last - other.first + (other.label.name in DONE_TO_PEOPLE) > match.last - match.first
        and other.first <= match.first
        and match.last <= other.last
        and other.label.strength != "only_alone"
        for other in marked.covering("harms", match.first)
    )


def _is_of_nature(match: Match, marked: MarkedText) -> bool:
    """Whether one word of killing belongs to what was done to land or water: "abattu la forêt sacrée"."""
    return match.size == 1 and any(
        other.label.name in _OF_NATURE
        and other.size > 1
        and other.first <= match.first
        and not _WITHIN & {token.word for token in marked.tokens[match.last + 1 : other.last]}
        for other in marked.covering("harms", match.first)
    )


def _is_hole_of_accident(match: Match, marked: MarkedText) -> bool:
    """Whether the open pit is told of as that in which somebody fell: "noyés dans un trou laissé ouvert"."""
    return match.label.name == Harm.LAND_DAMAGE and any(
        other.label.name == Harm.UNSAFE_WORK and other.first <= match.first and other.size > 1
        for other in marked.covering("harms", match.first)
    )


def _is_work(match: Match, marked: MarkedText) -> bool:
    """Whether it only tells what children or the forced are made to do: "kids wash cobalt in the river"."""
    return match.label.name in _OF_WATER and any(
        work.label.name in _LABOUR and work.label.strength == "sure" and work.first <= match.first
        for index in range(match.first, match.last + 1)
        for work in marked.covering("harms", index)
    )


def _is_part_of_name(match: Match, marked: MarkedText) -> bool:
    """Whether it begins with the end of a name for those who did it: "soldier boys came inside the pit"."""
    return any(actor.first < match.first for actor in marked.covering("perpetrators", match.first))


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


def _is_announced(match: Match, marked: MarkedText) -> bool:
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
    if match.first < mark.first and any(m.first == mark.last + 1 for m in marked.marks("places", "at")):
        return True
    is_number = mark.first == mark.last and marked.number_of(marked.tokens[mark.first].word) is not None
    return is_number and any(m.first == mark.last + 1 for m in marked.marks("counting", "persons"))


def _explained(
    told: dict[Harm, list[Match]],
    strengths: dict[Harm, set[str]],
    perpetrator: PerpetratorFound | None,
    marked: MarkedText,
) -> list[Harm]:
    sure: set[Harm] = {harm for harm in told if "sure" in strengths[harm] and harm != Harm.OTHER}
    is_accident = bool(sure & _ACCIDENTS) and not (perpetrator and perpetrator.kind in _ARMED)
    # Who was shot and died is counted among the dead.
    sure |= {harm for harm in told if "unless_killing" in strengths[harm] and Harm.KILLING not in told}
    if is_accident and Harm.UNSAFE_WORK in sure:
        # Who is missing under a pit that fell in was not taken away.
        sure -= {Harm.DISAPPEARANCE}
    if Harm.SEXUAL_VIOLENCE in sure and all(_is_care(match, marked) for match in told.get(Harm.INJURY, ())):
        # "She was raped, she is in hospital" tells of no other deed.
        strengths.get(Harm.INJURY, set()).clear()
        sure -= {Harm.INJURY}
    if Harm.FORCED_LABOUR in sure:
        # Its work is unpaid by its nature.
        sure -= {Harm.UNPAID_WAGES}
    kept: list[Harm] = [
        harm
        for harm in told
        if harm in sure or (harm != Harm.OTHER and "unless_accident" in strengths[harm] and not is_accident)
    ]
    if not kept:
        alone: list[Harm] = [harm for harm in told if "only_alone" in strengths[harm]]
        # "Soldiers" is a harm by itself only when nothing is said to have been done.
        acts: list[Harm] = [harm for harm in alone if harm != Harm.ARMED_PRESENCE]
        kept = acts or alone
    if not kept and Harm.OTHER in told:
        kept = [Harm.OTHER]
    return kept


def _is_care(match: Match, marked: MarkedText) -> bool:
    """Whether it tells where somebody is cared for, and not what was done."""
    return any(token.word.startswith(_CARE) for token in marked.tokens[match.first : match.last + 1])


def _confidence(matches: list[Match], strengths: set[str]) -> float:
    if matches[0].label.name == Harm.OTHER:
        return _OTHER_CONFIDENCE
    base = (
        _SURE_CONFIDENCE
        if strengths & {"sure", "unless_killing"}
        else _UNLESS_CONFIDENCE
        if "unless_accident" in strengths
        else _ALONE_CONFIDENCE
    )
    return round(min(0.95, base + 0.04 * (len(matches) - 1)), 2)


def _distinct(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(spans))
