"""A text cut into words that remember where they stood."""

import re

from msgspec import Struct

from impact.places.names import fold_letters
from impact.understanding.facts import Span

# A run of digits, or of letters with the accents that follow them; apostrophes and hyphens part words. A
# Bantu prefix stands apart from the name that it is written together with ("kuMarange", "weChiadzwa").
_PREFIX = "ku|mu|pa|kwa|ne|we|ye|re|rwe|dze|che|ze|pe|kwe|weku|yeku|reku|dzeku|yemu|wemu"
_WORD = re.compile(rf"\d+|(?:{_PREFIX})(?=[A-Z])|(?:[^\W\d_][\u0300-\u036f]*)+|@")
_SENTENCE_END = re.compile(r"[!?;\n\r]|\.(?!\d)|(?<!\d)\.")
_PAUSE = re.compile(r"[,:()/\[\]\"«»]|\s[-–—]|[-–—]\s")
_LONGEST_NUMBER = 9
_MOST_TOKENS = 4_000

NO_BREAK, PAUSE, SENTENCE_END = 0, 1, 2


class Token(Struct, frozen=True, gc=False):
    """One word: as sent, folded for comparing, where it stands, and what stands before it.

    `sentence` and `clause` number the parts between full stops, and between pauses.
    """

    text: str
    word: str
    start: int
    end: int
    sentence: int
    clause: int

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def number(self) -> int | None:
        """Its value when it is written in figures of a sensible length."""
        if self.text.isdecimal() and len(self.text) <= _LONGEST_NUMBER:
            return int(self.text)
        return None


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words of a text in order, with "@" as a word of its own; very long texts are cut off."""
    tokens: list[Token] = []
    end = sentence = clause = 0
    # Most texts fold letter by letter, and are folded at once.
    folded = fold_letters(text) if text.isascii() else None
    for match in _WORD.finditer(text):
        last_end = end
        start, end = match.span()
        gap = text[last_end:start]
        if tokens and gap and gap != " ":
            # One letter on each side tells a decimal point from a full stop.
            around = text[last_end - 1 : start + 1]
            if _SENTENCE_END.search(around):
                sentence += 1
                clause += 1
            elif _PAUSE.search(gap):
                clause += 1
        written = text[start:end]
        word = fold_letters(written) if folded is None else folded[start:end]
        tokens.append(Token(written, word, start, end, sentence, clause))
        if len(tokens) == _MOST_TOKENS:
            break
    return tuple(tokens)


def span_of(tokens: tuple[Token, ...], first: int, last: int) -> Span:
    """The letters from one token to another, both included."""
    return Span(tokens[first].start, tokens[last].end)
