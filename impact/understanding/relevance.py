"""Whether a text is a report at all: greetings, requests, adverts and keywords are not; doubt is a report."""

import re
from collections.abc import Sequence

from impact.understanding.facts import HarmFound
from impact.understanding.phrases import Match
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm, PeopleKind

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


def _is_of_sport(marked: MarkedText) -> bool:
    """ "Ghana beat Nigeria 2-1, Kudus scored": sport told in words of violence, and nobody who did any."""
    said = {match.first for match in marked.marks("relevance", "sport")}
    if len(said) + (_SCORE.search(marked.text) is not None) < _LEAST_SPORT:
        return False
    grave = {match.first for match in marked.marks("people", *_GRAVE)}
    return not marked.marks("perpetrators") and grave <= said


def _is_scam(marked: MarkedText) -> bool:
    """ "Your parcel is waiting, pay the customs fee at http://…": a link and offers, and nobody harmed."""
    offers = {match.first for match in marked.marks("relevance", "advert", "asking")}
    has_link = any(token.word.startswith(("http", "www")) for token in marked.tokens)
    return has_link and len(offers) > _LEAST_OFFERS and not marked.marks("people")
