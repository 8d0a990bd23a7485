"""The lexicons: what words mean, one TOML file a language, read once and checked as they are read.

A native speaker corrects the files without knowing Python; a row that cannot be read is named with its
file, its line and its list.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from impact.understanding.phrases import Label, PhraseBook, PhraseError
from impact.vocabulary import Harm, PeopleKind, Perpetrator

LEXICON_DIR = Path(__file__).resolve().parent / "lexicons"
LANGUAGES = ("en", "fr", "pt", "sw")
HARM_STRENGTHS = ("sure", "unless_accident", "only_alone")

_LISTS: dict[str, tuple[str, ...]] = {
    "perpetrators": tuple(Perpetrator.values),
    "people": tuple(PeopleKind.values),
    "counting": ("persons", "units", "including"),
    "number_links": ("and", "range", "between"),
    "negation": ("no", "breaks"),
    "future": ("marks",),
    "places": (
        *("at", "near", "from", "mine_of", "away", "titles"),
        *("between", "and", "of", "kilometres", "miles"),
        *("road", "road_to"),
    ),
    "directions": (
        *("north", "south", "east", "west"),
        *("northeast", "northwest", "southeast", "southwest"),
    ),
    "dates": (
        *("today", "now", "yesterday", "day_before", "future", "every", "since", "for", "last", "this"),
        *("ago", "ago_before", "day", "week", "month", "year", "day_number", "of"),
    ),
    "relevance": ("keyword", "greeting", "asking", "advert", "filler"),
    "ignore": ("phrases",),
}
_TABLES = {"numbers": 1_000_000, "weekdays": 7, "months": 12}
_TEXTS = ("language", "checked_by")


class LexiconError(ValueError):
    """A lexicon that cannot be read; the message names file, line and list."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language: its phrases, the values of its words for numbers and days, and its commonest words."""

    language: str
    checked_by: str
    phrases: PhraseBook
    numbers: dict[str, int]
    common: frozenset[str]


@dataclass(frozen=True, slots=True)
class Countries:
    """Names of countries as phrases (label "countries"/code), their languages and their time zones."""

    names: PhraseBook
    languages: dict[str, tuple[str, ...]]
    zones: dict[str, ZoneInfo]


@cache
def lexicons() -> dict[str, Lexicon]:
    """Every language that is read, by its code. Raises LexiconError."""
    return {language: read_lexicon(LEXICON_DIR / f"{language}.toml") for language in LANGUAGES}


@cache
def countries() -> Countries:
    """What is known of countries. Raises LexiconError."""
    path = LEXICON_DIR / "countries.toml"
    table = _parsed(path)
    names = PhraseBook()
    for code, written in table["names"].items():
        for name in written:
            _add(names, Label("countries", code), name, path, f"names.{code}")
    return Countries(
        names=names,
        languages={code: tuple(spoken) for code, spoken in table["languages"].items()},
        zones={code: ZoneInfo(zone) for code, zone in table["zones"].items()},
    )


@cache
def foreign_words() -> dict[str, frozenset[str]]:
    """By language that is not read: words that tell it."""
    table = _parsed(LEXICON_DIR / "foreign.toml")
    return {language: frozenset(words.split()) for language, words in table["words"].items()}


def read_lexicon(path: Path) -> Lexicon:
    """One language's file. Raises LexiconError naming file, line and list for a row that is wrong."""
    table = _parsed(path)
    for name in _TEXTS:
        if not isinstance(table.get(name), str):
            raise LexiconError(f"{path.name}: {name} must be a text, an empty one if need be")
    book = PhraseBook()
    for section, name, strength, phrases in _phrase_lists(table, path):
        where = ".".join(part for part in (section, name, strength) if part)
        if not isinstance(phrases, list):
            raise LexiconError(f"{path.name}: {where} must be a list")
        for phrase in phrases:
            _add(book, Label(section, name, strength), phrase, path, where)
    for section in ("weekdays", "months"):
        for word, value in _checked_table(table, section, path).items():
            _add(book, Label(section, str(value)), word, path, section)
    common = table.get("common", {}).get("words")
    if not isinstance(common, str):
        raise LexiconError(f"{path.name}: common.words must be a text of words")
    return Lexicon(
        language=table["language"],
        checked_by=table["checked_by"],
        phrases=book,
        numbers=_checked_table(table, "numbers", path),
        common=frozenset(common.split()),
    )


def _phrase_lists(table: dict[str, Any], path: Path) -> Iterator[tuple[str, str, str, Any]]:
    known = {*_LISTS, *_TABLES, *_TEXTS, "harms", "common"}
    for section in table:
        if section not in known:
            raise LexiconError(f"{path.name} line {_line(path, f'[{section}')}: no such part: {section}")
    for harm, lists in table.get("harms", {}).items():
        if harm not in Harm.values:
            raise LexiconError(f"{path.name} line {_line(path, f'harms.{harm}')}: no such harm: {harm}")
        for strength, phrases in lists.items():
            if strength not in HARM_STRENGTHS:
                line = _line(path, strength, after=f"harms.{harm}")
                raise LexiconError(f"{path.name} line {line}: harms.{harm} has no list {strength}")
            yield "harms", harm, strength, phrases
    for section, names in _LISTS.items():
        for name, phrases in table.get(section, {}).items():
            if name not in names:
                line = _line(path, name, after=f"[{section}")
                raise LexiconError(f"{path.name} line {line}: {section} has no list {name}")
            yield section, name, "", phrases


def _checked_table(table: dict[str, Any], section: str, path: Path) -> dict[str, int]:
    rows = table.get(section, {})
    for word, value in rows.items():
        if type(value) is not int or not 0 < value <= _TABLES[section]:
            line = _line(path, word, after=f"[{section}")
            raise LexiconError(f"{path.name} line {line}: {section}.{word} cannot be {value!r}")
    return dict(rows)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path.name}: {error}") from error


def _add(book: PhraseBook, label: Label, phrase: object, path: Path, where: str) -> None:
    if not isinstance(phrase, str):
        raise LexiconError(f"{path.name}: {where} holds {phrase!r}, which is not a text")
    try:
        book.add_phrase(label, phrase)
    except PhraseError as error:
        line = _line(path, f'"{phrase}"')
        raise LexiconError(f"{path.name} line {line}: {where}: {error}") from error


def _line(path: Path, wanted: str, after: str = "") -> int:
    has_begun = not after
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        has_begun = has_begun or after in line
        if has_begun and wanted in line and not (after and after in line):
            return number
    return 0
