"""Whether a text is a report at all: greetings, requests, adverts and keywords are not; doubt is a report."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from impact.understanding.denials import is_negated
from impact.understanding.facts import HarmFound, Span
from impact.understanding.harms import DONE_TO_PEOPLE
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm, PeopleKind, Perpetrator

_SURE_HARM = 0.6
_COVERED_SHARE = 0.7
# A few words after a greeting are seldom more than a greeting.
_SHORT_SHARE, _SHORT_GREETING = 0.5, 6
_FEW_WORDS = 4
# A longer text that has only one word of commerce in it is about something else.
_SHORT_TEXT = 16
# A score or two words of sport, a link and two more words of an offer: then nobody is harmed or did it.
_LEAST_SPORT, _LEAST_OFFERS = 2, 2
_SCORE = re.compile(r"(?<![\w/.,-])\d{1,2}(?:\s?[-–]\s?|\s[aà]\s)\d{1,2}(?![\w/-]|[.,]\d)")
_SIDES = re.compile(r"\b[A-Z]\w+ \d{1,2}\s?[-–:]?\s?[A-Z]\w+ \d{1,2}\b")
_ARMED = (Perpetrator.ARMY, Perpetrator.POLICE, Perpetrator.PRIVATE_SECURITY, Perpetrator.ARMED_GROUP)
_GRAVE = (PeopleKind.KILLED, PeopleKind.ARRESTED, PeopleKind.DISPLACED)


def is_report(marked: MarkedText, harms: Sequence[HarmFound], *, has_facts: bool) -> bool:
    """False only for what is plainly something else; `has_facts` tells of people counted or coordinates."""
    words = [token for token in marked.tokens if token.word[0].isalpha()]
    if not words:
        return has_facts
    if _is_of_sport(marked) or _is_scam(marked):
        return False
    if any(found.confidence >= _SURE_HARM and found.harm != Harm.OTHER for found in harms):
        return True
    if has_facts:
        return True
    if not harms and _is_small_talk(marked):
        return False
    offers = marked.marks("relevance", "asking", "advert")
    if offers and (len(words) <= _SHORT_TEXT or len({match.label for match in offers}) > 1):
        return False
    if any(_asks(match, marked) for match in marked.marks("relevance", "asking")):
        return False
    covered = {
        index
        for match in marked.marks("relevance", "keyword", "greeting", "filler")
        for index in range(match.first, match.last + 1)
    }
    is_polite = bool(marked.marks("relevance", "greeting"))
    is_keyword = bool(marked.marks("relevance", "keyword")) and len(marked.tokens) <= _FEW_WORDS
    if harms or not (is_polite or is_keyword):
        return True
    share = _SHORT_SHARE if len(words) <= _SHORT_GREETING else _COVERED_SHARE
    return len(covered) < share * len(words)


def _asks(match: Match, marked: MarkedText) -> bool:
    """Whether its sentence ends with a question mark: "y a-t-il du travail à la mine ? J'ai cinq ans ..."."""
    sentence = marked.tokens[match.first].sentence
    last = max(token.end for token in marked.tokens if token.sentence == sentence)
    return marked.text[last:].lstrip().startswith("?")


def _is_small_talk(marked: MarkedText) -> bool:
    """Whether it asks, thanks, hopes, or says that all is well, and tells nothing that could be a harm.

    "Nobody was hurt, all is calm" denies every harm that it names. A cry for help is never small talk.
    """
    deeds = [match for match in marked.marks("people") if match.label.name != "at_work"]
    named = [*marked.marks("harms"), *deeds]
    if marked.marks("relevance", "distress") or not all(is_negated(match, marked) for match in named):
        return False
    if marked.marks("perpetrators", *_ARMED):
        return False
    # "Nobody died", but not "no papers, no tax": what is denied was done to people.
    is_denied = bool(named) and all(
        match.label.section == "people" or match.label.name in DONE_TO_PEOPLE for match in named
    )
    return is_denied or (not named and all(_is_talk(words, marked) for words in _sentences(marked)))


def _sentences(marked: MarkedText) -> Iterator[list[int]]:
    """The tokens of each sentence that has any words."""
    for _, sentence in groupby(range(len(marked.tokens)), lambda index: marked.tokens[index].sentence):
        words = [index for index in sentence if marked.tokens[index].word[0].isalpha()]
        if words:
            yield words


def _is_talk(words: list[int], marked: MarkedText) -> bool:
    """Whether a sentence asks, thanks or hopes, or is mostly a greeting."""
    tokens = marked.tokens
    end = tokens[words[-1] + 1].start if words[-1] + 1 < len(tokens) else len(marked.text)
    if "?" in marked.text[tokens[words[-1]].end : end]:
        return True
    inside = range(words[0], words[-1] + 1)
    if any(match.first in inside for match in marked.marks("relevance", "social")):
        return True
    said = {
        index
        for match in marked.marks("relevance", "greeting", "keyword", "filler")
        for index in range(match.first, match.last + 1)
    }
    is_greeting = any(match.first in inside for match in marked.marks("relevance", "greeting", "keyword"))
    return is_greeting and len(said.intersection(words)) >= _SHORT_SHARE * len(words)


def _is_of_sport(marked: MarkedText) -> bool:
    """ "Ghana beat Nigeria 2-1, Kudus scored": sport told in words of violence, and nobody who did any."""
    said = {match.first for match in marked.marks("relevance", "sport")}
    score = _SCORE.search(marked.text)
    sides = _SIDES.search(marked.text)
    if len(said) + (score is not None) + (sides is not None) * _LEAST_SPORT < _LEAST_SPORT:
        return False
    # "Chiefs 2 - Pirates 1": a side may be called like those who did it.
    doers = [
        match
        for match in marked.marks("perpetrators")
        if not sides or match.label.name in _ARMED or not _is_within(match.span, sides.span())
    ]
    grave = {match.first for match in marked.marks("people", *_GRAVE)}
    return not doers and (bool(sides) or grave <= said)


def _is_within(span: Span, stretch: tuple[int, int]) -> bool:
    return stretch[0] <= span.start and span.end <= stretch[1]


def _is_scam(marked: MarkedText) -> bool:
    """ "Your parcel is waiting, pay the customs fee at http://…": a link and offers, and nobody harmed."""
    offers = {match.first for match in marked.marks("relevance", "advert", "asking")}
    if len(offers) <= _LEAST_OFFERS or marked.marks("people"):
        return False
    return any(token.word.startswith(("http", "www")) for token in marked.tokens)
