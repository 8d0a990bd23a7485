"""The words that steer the line instead of reporting, in every language: keywords.toml.

A keyword counts only where it stands alone or beside a reference: in a sentence it is a part of a report.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings

_KEYWORDS = Path(__file__).parent / "keywords.toml"


class Control(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"


class Word(StrEnum):
    """What a word of the table is for, beside the three that carriers know too."""

    REPORT = "report"
    STATUS = "status"
    LANGUAGE = "language"
    NAMES = "names"
    PLACE = "place"
    DATE = "date"
    PEOPLE = "people"
    GREETING = "greeting"
    THANKS = "thanks"
    FILLER = "filler"


@dataclass(frozen=True, slots=True)
class Keyword:
    control: Control
    language: str


def keyword(text: str) -> Keyword | None:
    """The STOP, START or HELP that a message consists of: any case, accents and punctuation."""
    plain = plain_words(text)
    for control in Control:
        if language := _table().get(control, {}).get(plain):
            return Keyword(control, language)
    return None


def language_of_word(word: Word, text: str) -> str | None:
    """The language in which a text is this word and nothing else; None when it is not that word."""
    plain = plain_words(text)
    if word is Word.REPORT and plain and plain in {plain_words(own) for own in settings.SMS_KEYWORDS}:
        return ""
    return _table().get(word, {}).get(plain)


def courtesy(text: str) -> Word | None:
    """GREETING or THANKS, when a message says that and nothing else."""
    words = plain_words(text).split()
    found: set[Word] = set()
    start = 0
    while start < len(words):
        for size in (4, 3, 2, 1):
            part = " ".join(words[start : start + size])
            kinds = {
                kind for kind in (Word.GREETING, Word.THANKS, Word.FILLER) if part in _table().get(kind, {})
            }
            if kinds and start + size <= len(words):
                found |= kinds
                start += size
                break
        else:
            return None
    return next((kind for kind in (Word.GREETING, Word.THANKS) if kind in found), None)


def all_steering_words() -> frozenset[str]:
    """Every STOP, START and HELP in every language, plain: what no phrase may ask anybody to write."""
    return frozenset(word for control in Control for word in _table().get(control, {}))


def plain_words(text: str) -> str:
    """A text in small letters without accents, marks and punctuation, single spaces between the words."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(map(_plain_letter, decomposed)).split())


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    if letter in "'’-.,;:/":
        return " "
    return letter if unicodedata.category(letter)[0] not in "MPC" or letter.isspace() else ""


@cache
def _table() -> dict[str, dict[str, str]]:
    """For each kind of word, the plain word and its language; the first language that has it counts."""
    table: dict[str, dict[str, str]] = {}
    for language, kinds in tomllib.loads(_KEYWORDS.read_text(encoding="utf-8")).items():
        for kind, words in kinds.items():
            for word in words:
                table.setdefault(kind, {}).setdefault(plain_words(word), language)
    return table
