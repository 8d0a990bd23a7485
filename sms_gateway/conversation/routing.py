"""What a text is for: a report, an answer, more words, a correction, or a word that steers the line.

Pure: the same text, standing and reader give the same route, and no text raises. Whatever is not plainly
something else is a report, because a report that is taken for anything else is lost.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from impact.incidents.references import ALPHABET, is_reference
from impact.understanding.answers import Asked
from impact.understanding.facts import Understanding
from impact.vocabulary import Harm
from sms_gateway.conversation.keywords import Control, Word, courtesy, keyword, language_of_word

MODERATOR = "moderator"
CALLED = "called"
SKIP = 0

_TOKEN = re.compile(r"\S+")
_DIGITS = re.compile(r"\s*(\d{1,2})\s*[.)!]?\s*")
_SURE_HARM = 0.5
# An answer can name the harm and the place again; this many words with a day or people are a story.
_WORDS_OF_A_STORY = 8
_FIELDS = {Word.PLACE: Asked.WHERE, Word.DATE: Asked.WHEN, Word.PEOPLE: Asked.PEOPLE}


class Kind(StrEnum):
    REPORT = "report"
    ANSWER = "answer"
    SKIP = "skip"
    ADDITION = "addition"
    CORRECTION = "correction"
    STATUS = "status"
    MISSPELT = "misspelt"  # a reference whose check character is wrong
    LANGUAGE = "language"
    LANGUAGES = "languages"
    GUIDE = "guide"
    GREETING = "greeting"
    THANKS = "thanks"
    STOP = "stop"
    START = "start"
    HELP = "help"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the talk with a contact stands when a text comes.

    `reference` is of the latest report of this telephone; `asked` what is asked about it and not yet
    answered ("" for nothing; an Asked, MODERATOR, or CALLED, to write again and no more); `choices` how many
    places were offered; `is_recent` that words still count as more about it.
    """

    reference: str = ""
    asked: str = ""
    choices: int = 0
    is_guided: bool = False
    is_recent: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """Where a text goes. `choice` counts from 1; `words` is what is left of a text without its reference."""

    kind: Kind
    language: str = ""
    reference: str = ""
    asked: Asked | None = None
    choice: int | None = None
    words: str = ""


def route_text(
    text: str,
    standing: Standing,
    read: Callable[[str], Understanding],
    *,
    control: Control | None = None,
    has_more: bool = False,
) -> Route:
    """Where a text goes. `has_more` tells of pictures or a location that came with it.

    `control` is what the provider made of the message. `read` reads a text; it is asked only where the
    words decide. Never raises on any str.
    """
    if control is not None:
        return Route(Kind(control))
    if not text.strip():
        return _wordless(standing) if has_more else Route(Kind.EMPTY)
    if found := keyword(text):
        return Route(Kind(found.control), language=found.language)
    if steering := _by_reference(text) or _by_word(text):
        return steering
    if standing.asked and standing.asked != CALLED:
        return _during_question(text, standing, read)
    if (standing.asked or standing.is_recent) and not _is_whole(read(text)):
        return Route(Kind.ADDITION, reference=standing.reference, words=text)
    return Route(Kind.REPORT, words=text)


def _wordless(standing: Standing) -> Route:
    """A picture or a location alone belongs to what was just told."""
    if standing.asked or standing.is_recent:
        kind = Kind.ANSWER if standing.asked not in {"", CALLED} else Kind.ADDITION
        return Route(kind, reference=standing.reference, asked=_asked(standing))
    return Route(Kind.REPORT)


def _by_word(text: str) -> Route | None:
    if (language := language_of_word(Word.REPORT, text)) is not None:
        return Route(Kind.GUIDE, language=language)
    if language := language_of_word(Word.NAMES, text):
        return Route(Kind.LANGUAGE, language=language)
    if language := language_of_word(Word.LANGUAGE, text):
        return Route(Kind.LANGUAGES, language=language)
    if language := language_of_word(Word.STATUS, text):
        # Without a reference it is about no report: how to ask is all that can be said.
        return Route(Kind.STATUS, language=language)
    match courtesy(text):
        case Word.GREETING:
            return Route(Kind.GREETING)
        case Word.THANKS:
            return Route(Kind.THANKS)
    return None


def _by_reference(text: str) -> Route | None:
    """A text that opens with a reference, or with a word for status and a reference."""
    tokens = _TOKEN.findall(text)
    is_status = language_of_word(Word.STATUS, tokens[0]) is not None
    rest = tokens[1:] if is_status else tokens
    found = _leading_reference(rest)
    if found is None:
        return None
    reference, is_right, rest = found
    if not is_status and rest and language_of_word(Word.STATUS, " ".join(rest)) is not None:
        is_status, rest = True, []
    field = next((asked for word, asked in _FIELDS.items() if rest and _is_word(word, rest[0])), None)
    if not is_right:
        # Words behind a misspelt reference are a report all the same: they must not be lost.
        is_lost = bool(rest) and field is None
        return None if is_lost else Route(Kind.MISSPELT)
    if not rest:
        return Route(Kind.STATUS, reference=reference)
    if field is not None and len(rest) > 1:
        return Route(Kind.CORRECTION, reference=reference, asked=field, words=" ".join(rest[1:]))
    return Route(Kind.ADDITION, reference=reference, words=" ".join(rest))


def _is_word(word: Word, token: str) -> bool:
    return language_of_word(word, token) is not None


def _leading_reference(tokens: list[str]) -> tuple[str, bool, list[str]] | None:
    """A reference in one token or two, whether it can be right, and the tokens after it."""
    for size in (1, 2):
        written = "".join(tokens[:size]).strip(".,:;#").upper()
        plain = written.replace("-", "")
        if len(tokens) < size or len(plain) != len("K7MQ3XPT"):
            continue
        reference = f"{plain[:4]}-{plain[4:]}"
        if is_reference(plain):
            return reference, True, tokens[size:]
        if _is_like_reference(written, plain):
            return reference, False, tokens[size:]
    return None


def _is_like_reference(written: str, plain: str) -> bool:
    """Letters and figures mixed, or the hyphen where it belongs: no word of a language looks so."""
    if not (plain.isascii() and plain.isalnum()):
        return False
    has_both = any(c.isdigit() for c in plain) and any(c.isalpha() for c in plain)
    return has_both or (written[4:5] == "-" and all(c in ALPHABET for c in plain))


def _during_question(text: str, standing: Standing, read: Callable[[str], Understanding]) -> Route:
    asked = _asked(standing)
    about = Route(Kind.ANSWER, reference=standing.reference, asked=asked, words=text)
    number = _DIGITS.fullmatch(text)
    if number and number.group(1).isascii() and standing.asked != MODERATOR:
        chosen = int(number.group(1))
        if chosen == SKIP:
            return replace(about, kind=Kind.SKIP, words="")
        if chosen <= standing.choices:
            return replace(about, choice=chosen)
    is_story = not standing.is_guided and standing.asked != MODERATOR and _is_story(text, read)
    if is_story:
        return Route(Kind.REPORT, words=text)
    return about


def _asked(standing: Standing) -> Asked | None:
    return Asked(standing.asked) if standing.asked in list(Asked) else None


def _is_whole(understanding: Understanding) -> bool:
    """Whether words make a report by themselves: a harm and a place of their own."""
    has_harm = any(
        found.harm != Harm.OTHER and found.confidence >= _SURE_HARM for found in understanding.harms
    )
    return understanding.is_report and has_harm and understanding.place is not None


def _is_story(text: str, read: Callable[[str], Understanding]) -> bool:
    if len(text.split()) < _WORDS_OF_A_STORY:
        return False
    understanding = read(text)
    return _is_whole(understanding) and bool(understanding.occurred or understanding.people)
