"""The words that stand beside names, read once from `words.toml`; folded, so that accents do not matter."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from impact.understanding.redaction.plain import folded_letters

_FILE = Path(__file__).with_name("words.toml")


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words by what they do beside a name; the introducers are sequences of words."""

    titles: frozenset[str]
    strong: frozenset[str]
    offices: frozenset[str]
    introducers: frozenset[tuple[str, ...]]
    relations: frozenset[str]
    links: frozenset[str]
    definite: frozenset[str]
    articles: frozenset[str]
    possessives: frozenset[str]
    not_after: frozenset[str]
    also_belongs: frozenset[str]
    large: frozenset[str]


@cache
def name_words() -> NameWords:
    with _FILE.open("rb") as file:
        table = tomllib.load(file)
    phrases = [phrase for written in table["introducers"].values() for phrase in written]
    return NameWords(
        titles=_all(table["titles"]),
        strong=_all(table["strong"]),
        offices=_all(table["offices"]),
        introducers=frozenset(tuple(folded_letters(phrase).split()) for phrase in phrases),
        relations=_all(table["relations"]),
        links=_words(table["links"]["all"]),
        definite=_words(table["links"]["definite"]),
        articles=_words(table["links"]["articles"]),
        possessives=_words(table["links"]["possessives"]),
        not_after=_all(table["not_after"]),
        also_belongs=_all(table["also_belongs"]),
        large=_all(table["large"]),
    )


def _all(rows: dict[str, str]) -> frozenset[str]:
    return frozenset().union(*(_words(row) for row in rows.values()))


def _words(row: str) -> frozenset[str]:
    return frozenset(folded_letters(row).split())
