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

from impact.places.names import fold_letters
from impact.understanding.lexicon_parts import HARM_STRENGTHS, LISTS, TABLES, TEXTS, VERB_PARTS
from impact.understanding.phrase_notation import Label, PhraseError, VerbParts
from impact.understanding.phrases import PhraseBook, Vocabulary
from impact.vocabulary import Harm, Theme

LEXICON_DIR = Path(__file__).resolve().parent / "lexicons"
READ_IN_FULL = ("en", "fr", "pt", "sw")
_NO_LANGUAGES = {"countries", "foreign"}


class LexiconError(ValueError):
    """A lexicon that cannot be read; the message names file, line and list."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """One language: its phrases, the values of its words for numbers and days, and its commonest words.

    `spellings` gives words as they are texted ("ds", "puit") with the words that they stand for;
    `first_hour` is added to hours as they are told; `reads_with` names the languages whose words its speakers
    use as their own; `noun_first` tells that a number follows what it counts ("miaka kumi"); a name may be
    written together with one of its `name_prefixes` ("kumarange", in Marange).
    """

    language: str
    checked_by: str
    reads_with: tuple[str, ...]
    noun_first: bool
    name_prefixes: tuple[str, ...]
    phrases: PhraseBook
    numbers: dict[str, int]
    common: frozenset[str]
    codes: dict[str, str]
    spellings: dict[str, str]
    first_hour: int

    def has_everyday(self, word: str) -> bool:
        """Whether the language has the word for something else than a name."""
        return word in self.common or word in self.numbers or word in self.phrases.whole


@dataclass(frozen=True, slots=True)
class Countries:
    """Names of countries as phrases (label "countries"/code), their languages and their time zones."""

    names: PhraseBook
    languages: dict[str, tuple[str, ...]]
    zones: dict[str, ZoneInfo]


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that are read: a file each. Those read in full come first."""
    files = sorted(path.stem for path in LEXICON_DIR.glob("*.toml"))
    return (*READ_IN_FULL, *(code for code in files if code not in {*READ_IN_FULL, *_NO_LANGUAGES}))


@cache
def lexicons() -> dict[str, Lexicon]:
    """Every language that is read, by its code. Raises LexiconError."""
    return {language: read_lexicon(LEXICON_DIR / f"{language}.toml") for language in languages()}


@cache
def everyday_words() -> Vocabulary:
    """The words that a language read in full has for something else than a name."""
    found = Vocabulary()
    for lexicon in (lexicons()[language] for language in READ_IN_FULL):
        found.words |= lexicon.common | lexicon.numbers.keys()
        found.add_all(lexicon.phrases.whole)
    return found


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
def code_words() -> dict[str, dict[str, str]]:
    """By word of a coded message, in small letters: language -> the harm or theme that it stands for."""
    found: dict[str, dict[str, str]] = {}
    for language, lexicon in lexicons().items():
        for word, code in lexicon.codes.items():
            found.setdefault(word, {})[language] = code
    return found


@cache
def foreign_languages() -> tuple[str, ...]:
    """The languages that are not read but told by some of their words."""
    return tuple(_foreign())


@cache
def foreign_words() -> dict[str, tuple[str, ...]]:
    """By word: the languages that are not read which it tells."""
    found: dict[str, tuple[str, ...]] = {}
    for language, words in _foreign().items():
        for word in set(words.split()):
            found[word] = (*found.get(word, ()), language)
    return found


@cache
def _foreign() -> dict[str, str]:
    table: dict[str, str] = _parsed(LEXICON_DIR / "foreign.toml")["words"]
    return table


def read_lexicon(path: Path) -> Lexicon:
    """One language's file. Raises LexiconError naming file, line and list for a row that is wrong."""
    table = _parsed(path)
    for name in TEXTS:
        if not isinstance(table.get(name), str):
            raise LexiconError(f"{path.name}: {name} must be a text, an empty one if need be")
    book = PhraseBook(_verb_parts(table, path))
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
        reads_with=_reads_with(table, path),
        noun_first=_truth(table, "noun_first", path),
        name_prefixes=_name_prefixes(table, path),
        phrases=book,
        numbers=_checked_table(table, "numbers", path),
        common=frozenset(common.split()),
        codes=_codes(table, path),
        spellings=_spellings(table, path),
        first_hour=_first_hour(table, path),
    )


def _reads_with(table: dict[str, Any], path: Path) -> tuple[str, ...]:
    named = table.get("reads_with", [])
    if not isinstance(named, list) or not set(named) <= set(languages()):
        raise LexiconError(f"{path.name}: reads_with must be a list of {', '.join(languages())}")
    return tuple(named)


def _codes(table: dict[str, Any], path: Path) -> dict[str, str]:
    """Code words in small letters, each with a harm or a theme."""
    rows = table.get("codes", {})
    for word, code in rows.items():
        if code not in Harm.values and code not in Theme.values:
            line = _line(path, word, after="[codes")
            raise LexiconError(f"{path.name} line {line}: codes.{word}: no such harm or theme: {code}")
    return {fold_letters(word): code for word, code in rows.items()}


def _spellings(table: dict[str, Any], path: Path) -> dict[str, str]:
    """Words as they are texted, each with the one word that it stands for, all in small letters."""
    rows = table.get("spellings", {})
    for word, meant in rows.items():
        if not isinstance(meant, str) or not (word.isalpha() and meant.isalpha()):
            line = _line(path, word, after="[spellings")
            raise LexiconError(f"{path.name} line {line}: spellings.{word} must stand for one word")
    return {fold_letters(word): fold_letters(meant) for word, meant in rows.items()}


def _first_hour(table: dict[str, Any], path: Path) -> int:
    """What is added to an hour as it is told: six where the first hour of the day is seven o'clock."""
    hour = table.get("hours", {}).get("first", 0)
    if type(hour) is not int or not 0 <= hour < 12:
        raise LexiconError(f"{path.name} line {_line(path, 'first', after='[hours')}: hours.first is 0 to 11")
    return hour


def _truth(table: dict[str, Any], name: str, path: Path) -> bool:
    value = table.get(name, False)
    if not isinstance(value, bool):
        raise LexiconError(f"{path.name}: {name} must be true or false")
    return value


def _name_prefixes(table: dict[str, Any], path: Path) -> tuple[str, ...]:
    prefixes = table.get("name_prefixes", [])
    if not isinstance(prefixes, list) or not all(isinstance(one, str) and one for one in prefixes):
        raise LexiconError(f"{path.name}: name_prefixes must be a list of texts")
    return tuple(sorted(prefixes, key=len, reverse=True))


def _verb_parts(table: dict[str, Any], path: Path) -> VerbParts | None:
    if "verbs" not in table:
        return None
    rows = dict(table["verbs"])
    needs_tense = _truth(rows, "needs_tense", path)
    rows.pop("needs_tense", None)
    for name, parts in rows.items():
        if name not in VERB_PARTS:
            line = _line(path, name, after="[verbs")
            raise LexiconError(f"{path.name} line {line}: verbs has no list {name}")
        if not isinstance(parts, list) or not all(isinstance(part, str) and part for part in parts):
            raise LexiconError(f"{path.name}: verbs.{name} must be a list of texts")
    return VerbParts(**{name: tuple(parts) for name, parts in rows.items()}, needs_tense=needs_tense)


def _phrase_lists(table: dict[str, Any], path: Path) -> Iterator[tuple[str, str, str, Any]]:
    known = {
        *LISTS,
        *TABLES,
        *TEXTS,
        "harms",
        "common",
        "verbs",
        "reads_with",
        "noun_first",
        "name_prefixes",
        "codes",
        "spellings",
    }
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
    for section, names in LISTS.items():
        for name, phrases in table.get(section, {}).items():
            if (section, name) == ("hours", "first"):
                continue
            if name not in names:
                line = _line(path, name, after=f"[{section}")
                raise LexiconError(f"{path.name} line {line}: {section} has no list {name}")
            yield section, name, "", phrases


def _checked_table(table: dict[str, Any], section: str, path: Path) -> dict[str, int]:
    rows = table.get(section, {})
    for word, value in rows.items():
        if type(value) is not int or not 0 < value <= TABLES[section]:
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
