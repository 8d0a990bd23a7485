"""Whether a number counts those who suffered, those who did it, or those who were spared."""

from collections.abc import Sequence

from impact.understanding.counts import Count
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import Token

ENGLISH_ARTICLES = {"a", "an"}
# What may stand between a number and what was done: "2 sont morts", "doze ficaram feridas".
_COPULAS = frozenset("are were was is sont est etaient ont ete sao foram foi estao ficaram ficou".split())
_SPARED_REACH = 3
_PASSIVE_REACH = 6
_BEHIND_PASSIVE = {"by", "in", "during", "after", "when"}
_MEMBERS_REACH = 3
_TOLD_BY = {"from", "by"}
_OF = {"of", "from", "belonging", "wa", "ba", "wale", "de", "da", "do", "dos", "du", "des"}
_PASSIVES = {"was", "were", "been", "got", "ete", "etait", "etaient", "foi", "foram", "sido", "fut", "furent"}


def ends_deed(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """ "Killing one.", "wounded one and": a number word with no noun of its own, right behind the deed."""
    tokens, after = marked.tokens, count.last + 1
    is_last = after == len(tokens) or tokens[after].clause != tokens[count.last].clause
    joints = {m.first for m in marked.marks("number_links", "and")}
    return (
        tokens[count.first].word not in ENGLISH_ARTICLES
        and any(m.last == count.first - 1 for m in kinds)
        and (is_last or after in joints)
    )


def is_actor(index: int, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """Whether a word names those who did it: not "one youth drowned", whom the words behind count."""
    if not marked.covering("perpetrators", index):
        return False
    is_person = any(m.first <= index <= m.last for m in marked.marks("counting", "persons"))
    return not (is_person and any(kind.first == index + 1 for kind in kinds))


def is_source(count: Count, marked: MarkedText) -> bool:
    """ "I heard from a trader": one who tells of it, not one of those to whom it was done."""
    tokens = marked.tokens
    return tokens[count.first].word in ENGLISH_ARTICLES and tokens[count.first - 1].word in _TOLD_BY


def is_four(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """Whether Krio "fo", which is "for" as well, is a number: right beside a deed, and not spelt "fɔ"."""
    deeds = {edge for kind in kinds for edge in (kind.first, kind.last)}
    beside = (count.first - 1, count.last + 1, count.last + 2)
    return marked.tokens[count.first].text.isascii() and any(index in deeds for index in beside)


def is_word(count: Count, marked: MarkedText) -> bool:
    """Whether a figure stands for a word, before one that no lexicon has: "killing us 4 nimikoro"."""
    tokens, after = marked.tokens, count.last + 1
    if after >= len(tokens) or tokens[after].clause != tokens[count.last].clause:
        return False
    word = tokens[after].word
    is_known = marked.is_common(word) or any(marked.covering(section, after) for section in marked.by_section)
    return tokens[count.first].text.isdecimal() and word[0].isalpha() and not is_known


def is_of_actors(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """ "Thirty men of the Raia Mutomboki came": those who did it, unless something was done to them."""
    tokens, at = marked.tokens, count.last + 1
    is_person = any(m.first <= at <= m.last for m in marked.marks("counting", "persons"))
    if not is_person or any(kind.last == count.first - 1 for kind in kinds):
        return False
    links = (at + 1, at + 2)
    actor = next(
        (
            m
            for m in marked.marks("perpetrators")
            if at + 1 < m.first <= at + _MEMBERS_REACH
            and tokens[m.first].clause == tokens[at].clause
            and any(tokens[index].word in _OF for index in links if index < m.first)
        ),
        None,
    )
    if actor is None:
        return False
    following = next((kind for kind in kinds if kind.first > actor.last), None)
    if following is None or following.first - actor.last > _PASSIVE_REACH:
        return True
    return not _PASSIVES & {token.word for token in tokens[actor.last + 1 : following.first]}


def are_victims(count: Count, noun: int, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """Whether armed men are counted who suffered: "3 soldiers were killed", "rebels killed 3 soldiers"."""
    tokens, armed = marked.tokens, marked.covering("perpetrators", noun)
    if not armed:
        return False
    clause = tokens[count.first].clause
    deeds = [kind for kind in kinds if tokens[kind.first].clause == clause]
    after = next((deed for deed in deeds if 0 < deed.first - max(count.last, noun) <= _PASSIVE_REACH), None)
    if after is not None:
        between = {token.word for token in tokens[max(count.last, noun) + 1 : after.first]}
        is_swahili = marked.lexicons[0].language == "sw"
        behind = tokens[after.last + 1].word if after.last + 1 < len(tokens) else ""
        if after.first == max(count.last, noun) + 1 and behind in _BEHIND_PASSIVE:
            return True
        return bool(between & _PASSIVES) or (is_swahili and tokens[after.first].word.endswith("wa"))
    return any(
        0 < min(count.first, noun) - deed.last <= 2
        and any(
            actor.last < deed.first and actor.label != armed[0].label and tokens[actor.first].clause == clause
            for actor in marked.marks("perpetrators")
        )
        for deed in deeds
    )


def counts_survivors(count: Count, marked: MarkedText, kinds: Sequence[Match]) -> bool:
    """ "Only 4 came out alive", "3 rescued": those who are spared are no more people harmed."""
    clause = marked.tokens[count.first].clause
    for spared in marked.marks("counting", "survivors"):
        if marked.tokens[spared.first].clause != clause:
            continue
        if spared.last == count.first - 1:
            return True
        between = range(count.last + 1, spared.first)
        if 0 <= spared.first - count.last - 1 <= _SPARED_REACH and not any(k.first in between for k in kinds):
            return True
    return False


def past_copulas(at: int, tokens: Sequence[Token]) -> int:
    """The token behind what joins a number to its deed: "2 sont morts"."""
    while at < len(tokens) and tokens[at].word in _COPULAS:
        at += 1
    return at


def past_age(at: int, marked: MarkedText) -> int:
    """The token behind the age or the like of somebody: "a 34 year old digger", "a young pregnant woman"."""
    described = {m.first: m.last for m in marked.marks("counting", "described")}
    while at in described or (at < len(marked.tokens) and marked.tokens[at].number and at + 1 in described):
        at = described.get(at, at) + 1
    return at
