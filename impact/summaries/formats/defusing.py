"""Cells that no spreadsheet runs: text that would start a formula gets an apostrophe before it.

Full-width signs count as the signs that they look like, and what is not seen before a sign does not make it
harmless (OWASP, CSV injection).
"""

import string
import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_FORMULA_STARTS = frozenset("=+-@|%\t\r\n")
_UNSEEN = frozenset({"Zs", "Cf"})  # spaces, byte-order marks, joiners
_PLAIN = np.isin(np.arange(256), list((string.ascii_letters + string.digits).encode()))


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
    doubtful = _doubtful(texts)
    if not doubtful.any():
        return texts
    chosen = pa.array(doubtful)
    return pc.replace_with_mask(
        texts, chosen, pa.array([defused(text) for text in texts.filter(chosen).to_pylist()], texts.type)
    )


def _doubtful(texts: pa.Array) -> NDArray[np.bool_]:
    """Which of them need a closer look: those that begin with anything but a plain letter or digit."""
    if not len(texts):
        return np.zeros(0, dtype=bool)
    _validity, positions, letters = texts.buffers()
    starts = np.frombuffer(positions, dtype=np.int32)[texts.offset : texts.offset + len(texts) + 1]
    if starts[0] == starts[-1]:
        return np.zeros(len(texts), dtype=bool)
    firsts = np.frombuffer(letters, dtype=np.uint8)[np.minimum(starts[:-1], starts[-1] - 1)]
    doubtful: NDArray[np.bool_] = (np.diff(starts) > 0) & ~_PLAIN[firsts]
    return doubtful
