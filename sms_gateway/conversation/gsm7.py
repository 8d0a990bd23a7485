"""Writing a text in the alphabet of a short message, so that it stays one segment of 160 and not of 70.

The alphabet is GSM 03.38 (3GPP TS 23.038); see segments.py.
"""

import unicodedata

from sms_gateway.conversation.segments import BASIC, EXTENSION

_INSTEAD = {
    **dict.fromkeys("’‘‚ʼ`´", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("–—‐‑−", "-"),
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
    "ɛ": "e",
    "Ɛ": "E",
    "ɔ": "o",
    "Ɔ": "O",
    "ŋ": "ng",
    "Ŋ": "Ng",
    "ɓ": "b",
    "ɗ": "d",
    "ı": "i",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "ç": "c",
    "\u00a0": " ",
    "\u202f": " ",
}


def to_gsm7(text: str) -> str:
    """The text with every letter that the alphabet lacks written with one that it has, "?" at the worst.

    Letters that cost two septets (`^ { } [ ] ~ \\ | €`) are kept.
    """
    return "".join(_written(character) for character in unicodedata.normalize("NFC", text))


def unwritable(text: str) -> list[tuple[str, str]]:
    """Each letter of a text that the alphabet lacks, and what to write instead."""
    composed = unicodedata.normalize("NFC", text)
    return [(letter, _written(letter)) for letter in dict.fromkeys(composed) if _written(letter) != letter]


def _written(character: str) -> str:
    if character in BASIC or character in EXTENSION:
        return character
    if character in _INSTEAD:
        return _INSTEAD[character]
    base = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", character)
        if letter in BASIC and not unicodedata.combining(letter)
    )
    return base or ("" if unicodedata.combining(character) else "?")
