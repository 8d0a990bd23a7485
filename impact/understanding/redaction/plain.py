"""A text letter for letter in plain letters and figures, so that patterns see through its disguises.

Every function gives as many letters as it takes: what is found stands at the same offsets in the original.
"""

import re
import unicodedata

_SPACES = dict.fromkeys("\t\r\n\xa0\u2007\u2009\u202f\u3000", " ")
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
# Invisible letters and the frames around keycap figures: they part figures and mean nothing.
_NOTHING = dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3\u00ad", " ")
_SIGNS = {"＋": "+", "＠": "@", "．": ".", "（": "(", "）": ")", "⁄": "/", "’": "'"}
_PLAIN = str.maketrans({**_SPACES, **_DASHES, **_NOTHING, **_SIGNS})
_LETTER_FOR_FIGURE = (
    (re.compile(r"(?<![^\W\d_])[oO](?=[\s().\-/]?\d{2})|(?<=\d)[oO](?![^\W\d_])"), "0"),
    (re.compile(r"(?<=\d)[lI](?=\d)"), "1"),
)


def plain_letters(text: str) -> str:
    """Figures of all scripts as 0 to 9, one kind of space and dash, "O81" as "081"; capitals stay."""
    figures = "".join(_figure(character) for character in text.translate(_PLAIN))
    for letter, figure in _LETTER_FOR_FIGURE:
        figures = letter.sub(figure, figures)
    return figures


def folded_letters(text: str) -> str:
    """Small letters without accents."""
    return "".join(_folded(character) for character in text)


def _figure(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.digit(character, -1)
    return character if value < 0 else str(value)


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    small = unicodedata.normalize("NFD", character)[0].lower()
    return small if len(small) == 1 else character
