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
# What Unicode calls ignorable by default, beside the categories of formatting and of marks on letters.
_IGNORABLE = frozenset(
    chr(code)
    for first, last in (
        *((0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0xE0100, 0xE01EF)),
    )
    for code in range(first, last + 1)
)
_LETTER_FOR_FIGURE = (
    (re.compile(r"(?<![^\W\d_])[oO](?=[\s().\-/]?\d{2})|(?<=\d)[oO](?![^\W\d_])"), "0"),
    (re.compile(r"(?<=\d)[lI](?=\d)"), "1"),
)


def visible_text(text: str) -> str:
    """A text as it looks: accents in one with their letters, nothing that is not seen or turns the line."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if letter in "\n\r\t" or not _is_formatting(letter))


def bare_letters(text: str) -> tuple[str, list[int]]:
    """The letters that are seen, without marks that stand for themselves; and where each of them stood.

    What is not seen parts no name: "Jo\u200bhn" is John.
    """
    if text.isascii():
        return text, list(range(len(text)))
    kept = [index for index, letter in enumerate(text) if not _is_unseen(letter)]
    return "".join(text[index] for index in kept), kept


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cf", "Mn", "Me"} or letter in _IGNORABLE


def _is_formatting(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf"} or letter in _IGNORABLE


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
