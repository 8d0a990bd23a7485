"""A text with everything that the lexicons recognise in it marked, for the other readers to draw on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec.structs import replace

from impact.understanding.lexicon import Lexicon
from impact.understanding.phrases import Match, outermost
from impact.understanding.tokens import Token

_SHORTEST_SHARED = 2
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class MarkedText:
    """The words of a text, and the phrases found in them by section of the lexicon, in order."""

    text: str
    tokens: tuple[Token, ...]
    lexicons: tuple[Lexicon, ...]
    by_section: dict[str, list[Match]] = field(repr=False)
    # What `marks` gave before: some of its questions are asked again for every match.
    _by_name: dict[tuple[str, tuple[str, ...]], list[Match]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _by_token: dict[str, dict[int, list[Match]]] = field(default_factory=dict, repr=False, compare=False)

    def marks(self, section: str, *names: str) -> list[Match]:
        """The phrases of one section, of the given names where any are given. Not to be changed."""
        found = self.by_section.get(section, [])
        if not names or not found:
            return found
        held = self._by_name.get((section, names))
        if held is None:
            held = [match for match in found if match.label.name in names]
            self._by_name[(section, names)] = held
        return held

    def covering(self, section: str, token: int) -> list[Match]:
        """The phrases of one section that this token is part of. Not to be changed."""
        held = self._by_token.get(section)
        if held is None:
            held = self._by_token[section] = {}
            for match in self.by_section.get(section, ()):
                for index in range(match.first, match.last + 1):
                    held.setdefault(index, []).append(match)
        return held.get(token, [])

    @property
    def has_figures(self) -> bool:
        """Whether there is a figure at all, without which most of what is written in figures is not."""
        return _FIGURE.search(self.text) is not None

    def numbers_said(self) -> dict[int, int]:
        """By token: the values of the words for numbers (see `number_of`)."""
        words = [token.word for token in self.tokens]
        said: dict[int, int] = {}
        for place, lexicon in enumerate(self.lexicons):
            numbers = lexicon.numbers
            if numbers.keys().isdisjoint(words):
                continue
            for index, word in enumerate(words):
                is_asked = (
                    word in numbers and index not in said and (not place or len(word) > _SHORTEST_SHARED)
                )
                if is_asked and not self._is_noun(index):
                    said[index] = numbers[word]
        return said

    def _is_noun(self, index: int) -> bool:
        """Whether a word for a number is one for people here: Shona "vana", four behind a noun."""
        nouns = self.marks("counting", "persons")
        return (
            bool(self.lexicons)
            and self.lexicons[0].noun_first
            and any(match.first == index == match.last for match in nouns)
            and not any(match.last == index - 1 for match in nouns)
        )

    def number_of(self, word: str) -> int | None:
        """The value of a word for a number, in any of the languages read with.

        The shortest ("a", "un") are asked of the text's own language alone: "a" is a verb in French.
        """
        for lexicon in self.lexicons[: None if len(word) > _SHORTEST_SHARED else 1]:
            if word in lexicon.numbers:
                return lexicon.numbers[word]
        return None

    def is_common(self, word: str) -> bool:
        """Whether a word is an everyday one in a language read with."""
        return any(word in lexicon.common for lexicon in self.lexicons)


def _all_matches(tokens: tuple[Token, ...], books: tuple[Lexicon, ...]) -> Iterable[Match]:
    """What all lexicons recognise, but no day in another language's short word for a harm.

    "3 tués" is no Tuesday ("tues"): a word of harm in the text's own language is nothing else.
    """
    own = [match for book in books[:1] for match in book.phrases.all_matches(tokens)]
    if len(books) < 2:
        yield from own
        return
    of_harm = {
        index
        for match in own
        if match.label.section in {"harms", "people"}
        for index in range(match.first, match.last + 1)
    }
    yield from own
    for book in books[1:]:
        for match in book.phrases.all_matches(tokens):
            if match.label.section not in {"weekdays", "months"} or match.first not in of_harm:
                yield match


def _spelt_out(tokens: tuple[Token, ...], books: tuple[Lexicon, ...]) -> tuple[Token, ...]:
    """The same words, those that the text's own language shortens or misspells given in full."""
    spellings = books[0].spellings if books else {}
    if spellings.keys().isdisjoint([token.word for token in tokens]):
        return tokens
    return tuple(
        replace(token, word=spellings[token.word]) if token.word in spellings else token for token in tokens
    )


def scan_text(text: str, tokens: tuple[Token, ...], lexicons: Iterable[Lexicon]) -> MarkedText:
    """Mark what each lexicon recognises; idioms of the list `ignore` hide what lies in them."""
    books = tuple(lexicons)
    tokens = _spelt_out(tokens, books)
    by_section = outermost(_all_matches(tokens, books))
    ignored = by_section.pop("ignore", ())
    if ignored:
        hidden = {index for match in ignored for index in range(match.first, match.last + 1)}
        for section, found in by_section.items():
            by_section[section] = [match for match in found if match.first not in hidden]
    return MarkedText(text, tokens, books, by_section)
