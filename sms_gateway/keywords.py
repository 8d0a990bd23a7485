"""The words that steer the line instead of reporting: STOP, START, HELP and their like in keywords.toml.

Only alone in a message: a keyword in a sentence is a part of a report.
"""

import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

_KEYWORDS = Path(__file__).parent / "keywords.toml"


class Control(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Keyword:
    control: Control
    language: str


def keyword(text: str) -> Keyword | None:
    """The keyword that a message consists of: any case, with or without accents and punctuation."""
    return _keywords().get(_plain(text))


@cache
def _keywords() -> dict[str, Keyword]:
    languages = tomllib.loads(_KEYWORDS.read_text(encoding="utf-8"))
    return {
        _plain(word): Keyword(Control(control), language)
        for language, controls in languages.items()
        for control, words in controls.items()
        for word in words
    }


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in decomposed if unicodedata.category(letter)[0] not in "MP")
    return "".join(kept).strip()
