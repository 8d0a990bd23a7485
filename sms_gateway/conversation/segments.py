"""How many SMS segments a text takes: GSM 03.38 (3GPP TS 23.038) where it fits, UCS-2 where it does not.

A single segment holds 160 septets or 70 UCS-2 units; each part of a longer message loses the room of
its header and holds 153 or 67 (3GPP TS 23.040). No character is split between two parts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets in GSM-7 and 16-bit units in UCS-2."""

    encoding: Literal["gsm7", "ucs2"]
    units: int
    count: int


def segments(text: str) -> Segments:
    """The encoding of a text, and how many segments are paid for; an empty text is one."""
    if BASIC.issuperset(text):  # nearly all that we write: every letter is a septet
        return Segments("gsm7", len(text), 1 if len(text) <= 160 else -(-len(text) // 153))
    if all(character in BASIC or character in EXTENSION for character in text):
        sizes = [2 if character in EXTENSION else 1 for character in text]
        return Segments("gsm7", sum(sizes), _parts(sizes, single=160, part=153))
    sizes = [len(character.encode("utf-16-be")) // 2 for character in text]
    return Segments("ucs2", sum(sizes), _parts(sizes, single=70, part=67))


def _parts(sizes: Iterable[int], *, single: int, part: int) -> int:
    sizes = list(sizes)
    if sum(sizes) <= single:
        return 1
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count
