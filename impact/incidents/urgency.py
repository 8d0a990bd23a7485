"""Why a case cannot wait: pure rules over harms, people and the words as sent, each with its reason.

A rule only ever sorts the queue. It is wrong in the safe direction: one read too early costs a minute.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from impact.places.names import fold_letters
from impact.vocabulary import Harm, Theme, Urgency, theme_of

WEIGHTS: dict[Urgency, int] = {
    Urgency.DANGER_NOW: 100,
    Urgency.TAKEN_BACK: 60,
    Urgency.CHILDREN: 40,
    Urgency.KILLING: 30,
    Urgency.SEXUAL_VIOLENCE: 20,
    Urgency.THREATS: 10,
}
_FRESH_DAYS = 1
# Words for what is going on while somebody writes, in the languages that are read. Folded: no accents.
_NOW = (
    "right now|just now|at this moment|at the moment|as i write|still shooting|still inside|still trapped|"
    "are trapped|under the ground|buried alive|help us|come quickly|hurry|"
    "en ce moment|a l instant|actuellement|maintenant|encore coinces|sont coinces|pris au piege|ensevelis|"
    "au secours|venez vite|aidez nous|on tire|sont en train|est en train|"
    "agora|neste momento|agora mesmo|ainda presos|soterrad[oa]s|socorro|ajudem|estao a disparar|"
    "sasa hivi|hivi sasa|wakati huu|wamekwama|wamefukiwa|tusaidie|njooni haraka|wanapiga risasi|"
    "sikoyo|lisungi|na ngonga oyo|"
    "izvozvi|izvezvi|tibatsireiwo|"
    "fo ya so|kounye a"
)
_CHILDREN = (
    "child|children|kids?|boys?|girls?|schoolboys?|schoolgirls?|minors?|bab(?:y|ies)|infants?|teenagers?|"
    "enfants?|gamins?|garcons?|fillettes?|filles?|mineure?s?|bebes?|eleves?|"
    "criancas?|meninos?|meninas?|menor(?:es)?|bebes?|alunos?|"
    "mtoto|watoto|mvulana|wavulana|msichana|wasichana|wanafunzi|"
    "mwana|bana|vana|mwanakomana|musikana|pikin(?:dem)?|timoun"
)
_NOW_WORDS = re.compile(rf"\b(?:{_NOW})\b")
_CHILD_WORDS = re.compile(rf"\b(?:{_CHILDREN})\b")
_DANGEROUS = frozenset(
    {
        Harm.KILLING, Harm.INJURY, Harm.SEXUAL_VIOLENCE, Harm.ARREST, Harm.THREATS, Harm.EVICTION,
        Harm.DISAPPEARANCE, Harm.FORCED_LABOUR, Harm.UNSAFE_WORK, Harm.ARMED_PRESENCE, Harm.CHEMICALS,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assessment:
    """`score` sorts, higher first; `reasons` say why, the weightiest first. No reason is no urgency."""

    score: int = 0
    reasons: tuple[Urgency, ...] = ()


def assess_urgency(
    *,
    harms: Iterable[str],
    people: Mapping[str, Mapping[str, int]],
    texts: Iterable[str],
    occurred_to: date | None,
    received_on: date,
    later_texts: Iterable[str] = (),
    is_taken_back: bool = False,
) -> Assessment:
    """How urgent a case is. `people` as an incident has them; days are those of receipt and occurrence.

    `later_texts` is what reporters said afterwards: "now" in them is no longer the day of the event.
    `is_taken_back`: it is public or shared, and a reporter no longer agrees to that.
    """
    known = {Harm(harm) for harm in harms}
    first, later = ([_folded(text) for text in said] for said in (texts, later_texts))
    folded = first + later
    is_fresh = occurred_to is None or (received_on - occurred_to).days <= _FRESH_DAYS
    reasons = {Urgency.TAKEN_BACK} if is_taken_back else set()
    if known & _DANGEROUS and any(_NOW_WORDS.search(text) for text in (folded if is_fresh else later)):
        reasons.add(Urgency.DANGER_NOW)
    is_harm_to_people = any(theme_of(harm) in {Theme.VIOLENCE, Theme.LABOUR} for harm in known)
    if Harm.CHILD_LABOUR in known or (
        is_harm_to_people and any(_CHILD_WORDS.search(text) for text in folded)
    ):
        reasons.add(Urgency.CHILDREN)
    is_violence = any(theme_of(harm) == Theme.VIOLENCE for harm in known)
    # The dead of a collapse are a harm of work; the dead of violence are a killing, whatever it is called.
    if known & {Harm.KILLING, Harm.DISAPPEARANCE} or (
        is_violence and people.get("killed", {}).get("high", 0)
    ):
        reasons.add(Urgency.KILLING)
    if Harm.SEXUAL_VIOLENCE in known:
        reasons.add(Urgency.SEXUAL_VIOLENCE)
    if Harm.THREATS in known:
        reasons.add(Urgency.THREATS)
    ordered = tuple(reason for reason in WEIGHTS if reason in reasons)
    return Assessment(sum(WEIGHTS[reason] for reason in ordered), ordered)


def tells_danger(text: str) -> bool:
    """Whether words say that something is going on while they are written."""
    return bool(_NOW_WORDS.search(_folded(text)))


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold_letters(text)))
