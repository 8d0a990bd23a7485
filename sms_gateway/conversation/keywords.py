"""The words that steer the line instead of reporting, in every language: keywords.toml.

A keyword counts only where it stands alone or beside a reference: in a sentence it is a part of a report.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings

_LONGEST_COURTESY = 4  # words
_MOST_LETTERS = 4096
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
    words, courtesies = plain_words(text).split(), _courtesies()
    found: set[Word] = set()
    start = 0
    while start < len(words):
        for size in range(min(_LONGEST_COURTESY, len(words) - start), 0, -1):
            if kinds := courtesies.get(" ".join(words[start : start + size])):
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
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded)
    return " ".join(folded.translate(_LETTERS).split())


class _PlainLetters(dict[int, str]):
    """A table for `str.translate`, filled by the letters that come."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_LETTERS:
            self.clear()
        letter = chr(code)
        is_kept = unicodedata.category(letter)[0] not in "MPC" or letter.isspace()
        self[code] = plain = " " if letter in "'’-.,;:/" else letter if is_kept else ""
        return plain


_LETTERS = _PlainLetters()


@cache
def _table() -> dict[str, dict[str, str]]:
    """For each kind of word, the plain word and its language; the first language that has it counts."""
    table: dict[str, dict[str, str]] = {}
    for language, kinds in tomllib.loads(_KEYWORDS.read_text(encoding="utf-8")).items():
        for kind, words in kinds.items():
            for word in words:
                table.setdefault(kind, {}).setdefault(plain_words(word), language)
    return table


@cache
def _courtesies() -> dict[str, frozenset[Word]]:
    """For each greeting, thanks and filler, plain, what it is."""
    kinds = (Word.GREETING, Word.THANKS, Word.FILLER)
    parts = {part for kind in kinds for part in _table().get(kind, {})}
    return {part: frozenset(kind for kind in kinds if part in _table().get(kind, {})) for part in parts}
