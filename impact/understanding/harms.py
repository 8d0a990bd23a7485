"""What harm a text tells of: phrases of the lexicons, less what is negated, threats told from acts."""

from collections.abc import Iterable

from impact.understanding.denials import is_announced, is_negated
from impact.understanding.facts import HarmFound, PerpetratorFound, Span
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm, PeopleKind, Perpetrator

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
_OTHER_GRAVITY, _GEAR_GRAVITY = 2, 1
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
_HURT = (PeopleKind.KILLED, PeopleKind.INJURED, PeopleKind.AFFECTED)
_ATTACKS = {Harm.KILLING, Harm.INJURY}
_OF_WATER = {Harm.WATER_POLLUTION, Harm.RIVER_DAMAGE}
_LABOUR = {Harm.CHILD_LABOUR, Harm.FORCED_LABOUR}
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
_COUNT_REACH = 3
# Who fell into a pit or drowned in it stands before it.
_FALLEN = (
    "noy",
    "tomb",
    "mort",
    "dece",
    "chut",
    "peri",
    "drown",
    "fell",
    "fall",
    "died",
    "dead",
    "caiu",
    "cair",
)
_FALL_REACH = 4
_CARE = ("hosp", "hopit", "lopital", "nganga", "danganga", "soin", "clini", "chipatara", "osp")
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
        if match.label.name == Harm.ARMED_PRESENCE and _is_of_doers(match, marked):
            continue
        if match.label.name == Harm.KILLING and (_is_of_nature(match, marked) or _is_of_limb(match, marked)):
            continue
        if (
            _is_within_another(match, marked)
            or _is_hole_of_accident(match, marked)
            or _is_work(match, marked)
        ):
            continue
        harm = Harm(match.label.name)
        if harm in DONE_TO_PEOPLE and is_announced(match, marked):
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
    # Gloves that are missing where mercury is washed matter less than the mercury.
    is_of_gear = Harm.CHEMICALS in kept and not marked.marks("people", PeopleKind.KILLED)
    found.sort(
        key=lambda f: (
            -(_GEAR_GRAVITY if is_of_gear and f.harm == Harm.UNSAFE_WORK else _gravity(f.harm)),
            f.spans[0].start,
        )
    )
    return tuple(found)


def _gravity(harm: Harm) -> int:
    return _GRAVITY.get(harm, _OTHER_GRAVITY)


def _holds_a_deed(match: Match, marked: MarkedText) -> bool:
    """Whether something was done to the children whom it names: "two girls raped by mine guards"."""
    return any(
        deed.label.name in _DONE_TO_CHILDREN and deed.label.strength != "only_alone"
        for index in range(match.first + 1, match.last)
        for deed in marked.covering("harms", index)
    )


def _is_of_doers(match: Match, marked: MarkedText) -> bool:
    """Whether it only names those who did something to people: "the armed group attacked the mining camp"."""
    counted = {kind.first for kind in marked.marks("people", *_HURT)}
    if match.last in counted and not marked.marks("places", "mine_of"):
        return True
    return any(
        deed.label.name in _ATTACKS
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


def _is_of_limb(match: Match, marked: MarkedText) -> bool:
    """Whether a word of killing is of a wound: "a crevé un oeil", Sango "maboko ti lo afa" (arm broken)."""
    return match.size == 1 and any(
        other.label.name == Harm.INJURY and other.size > 1 and other.first <= match.first
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
        other.label.name == Harm.UNSAFE_WORK
        and other.first <= match.first
        and other.size > 1
        and other.last - other.first >= match.last - match.first
        and any(
            token.word.startswith(_FALLEN)
            for token in marked.tokens[max(0, other.first - _FALL_REACH) : other.first + 2]
        )
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
    is_grave = Harm.SEXUAL_VIOLENCE in sure or Harm.KILLING in told
    if is_grave and all(
        _is_care(match, marked) or match.label.strength == "unless_killing"
        for match in told.get(Harm.INJURY, ())
    ):
        # "She was raped, she is in hospital", "he died in hospital" tell of no other deed.
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
    tokens = marked.tokens
    before = tokens[max(0, match.first - _COUNT_REACH) : match.first]
    counted = any(token.number or marked.number_of(token.word) for token in before)
    return not counted and any(token.word.startswith(_CARE) for token in tokens[match.first : match.last + 1])


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
