"""Reading an answer: words that were asked for are read as what was asked, and as free words besides.

"Koidu" after "where?" is a place, "12/11" or "hier" after "when?" a day, "3" after "how many?" people.
"""

from dataclasses import replace
from datetime import date
from enum import StrEnum

from impact.places.gazetteer import Gazetteer
from impact.understanding.dates import find_date, received_on
from impact.understanding.facts import DateFound, Hints, PeopleFound, Understanding
from impact.understanding.harm_model import HarmModel
from impact.understanding.language import find_language
from impact.understanding.people import find_people
from impact.understanding.perpetrators import find_perpetrator
from impact.understanding.reading import read_place, read_text
from impact.understanding.scanning import MarkedText, scan_text
from impact.understanding.tokens import tokens_of
from impact.vocabulary import Harm

_MOST_PEOPLE = 9_999
_ASKED_CONFIDENCE = 0.7


class Asked(StrEnum):
    """What a question is about. WHICH is WHERE with places to choose from."""

    WHERE = "where"
    WHICH = "which"
    WHAT = "what"
    WHEN = "when"
    PEOPLE = "people"
    WHO = "who"


def read_answer(
    asked: Asked | None, words: str, hints: Hints, gazetteer: Gazetteer, model: HarmModel | None = None
) -> Understanding:
    """What an answer says: about what was asked first of all. Without a question, free words.

    Never raises on any str.
    """
    read = read_text(words, hints, gazetteer, model)
    if asked is None or asked is Asked.WHAT:
        return read
    # "The police" answers who it was, and tells of no other harm.
    read = replace(read, harms=tuple(found for found in read.harms if found.harm != Harm.OTHER))
    marked = _marked(words, hints)
    if asked in {Asked.WHERE, Asked.WHICH}:
        # Whoever corrects a place may have crossed a border since; nearer names go first.
        places = read_place(words, hints, gazetteer) or read_place(
            words, replace(hints, sender_country=""), gazetteer
        )
        return replace(read, place=places[0], candidates=places) if places else read
    if asked is Asked.WHEN:
        occurred = find_date(marked, hints, is_only_threat=False) or _day_of_month(words, hints)
        return replace(read, occurred=occurred) if occurred else read
    if asked is Asked.PEOPLE:
        people = find_people(marked) or _bare_count(words)
        return replace(read, people=people) if people else read
    return replace(read, perpetrator=find_perpetrator(marked) or read.perpetrator)


def _marked(words: str, hints: Hints) -> MarkedText:
    tokens = tokens_of(words)
    return scan_text(words, tokens, find_language(tokens, hints.sender_country, hints.language).read_with)


def _day_of_month(words: str, hints: Hints) -> DateFound | None:
    """A bare "14" after "when?": the latest 14th that has come."""
    today, day = received_on(hints), _number(words)
    if day is None or not 1 <= day <= 31:
        return None
    for back in range(3):
        month = (today.year * 12 + today.month - 1) - back
        try:
            found = date(month // 12, month % 12 + 1, day)
        except ValueError:
            continue
        if found <= today:
            return DateFound(found, found, "day", _ASKED_CONFIDENCE, ())
    return None


def _bare_count(words: str) -> tuple[PeopleFound, ...]:
    count = _number(words)
    return (PeopleFound("affected", count, count, ()),) if count and count <= _MOST_PEOPLE else ()


def _number(words: str) -> int | None:
    plain = words.strip().rstrip(".!")
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= len("9999") else None
