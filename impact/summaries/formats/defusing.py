"""Cells that no spreadsheet runs: text that would start a formula gets an apostrophe before it.

Full-width signs count as the signs that they look like, and what is not seen before a sign does not make it
harmless (OWASP, CSV injection).
"""

import sys
import unicodedata
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_FORMULA_STARTS = frozenset("=+-@|%\t\r\n")
_UNSEEN = frozenset({"Zs", "Cf"})  # spaces, byte-order marks, joiners


def defused(value: Any) -> Any:
    """The cell, with an apostrophe before it where a spreadsheet would run it. What is no text stays."""
    if not isinstance(value, str):
        return value
    for character in value:
        if unicodedata.category(character) in _UNSEEN:
            continue
        plain = unicodedata.normalize("NFKC", character)
        return f"'{value}" if plain and plain[0] in _FORMULA_STARTS else value
    return value


def defused_array(texts: pa.Array) -> pa.Array:
    """The same for a column of texts at once."""
    return pc.if_else(
        pc.match_substring_regex(texts, _dangerous()), pc.binary_join_element_wise("'", texts, ""), texts
    )


@cache
def _dangerous() -> str:
    """A pattern (RE2) for texts that `defused` would change: written from the same two sets."""
    starts, unseen = [], []
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        category = unicodedata.category(character)
        if category in _UNSEEN:
            unseen.append(code)
        elif category != "Cs" and unicodedata.normalize("NFKC", character)[:1] in _FORMULA_STARTS:
            starts.append(code)
    return rf"\A[{_ranges(unseen)}]*[{_ranges(starts)}]"


def _ranges(codes: list[int]) -> str:
    parts, first = [], codes[0]
    for code, following in zip(codes, [*codes[1:], -1], strict=True):
        if following != code + 1:
            parts.append(rf"\x{{{first:x}}}-\x{{{code:x}}}")
            first = following
    return "".join(parts)
