"""What all the words of a text together speak for: weights learnt from sentences, beside the lexicons.

A lexicon knows the phrases that somebody thought of. The table adds up small signs: each word, its beginning,
its ending and each pair of neighbours has a weight for each harm. It was fitted by deploy/derive_weights.py
to the sentences in deploy/sentences/; whoever reads the table sees why a text was taken for what.
"""

import csv
import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from impact.understanding.facts import Span
from impact.understanding.tokens import Token

WEIGHTS_FILE = Path(__file__).resolve().parent / "lexicons" / "weights.csv.gz"
NOT_A_REPORT = "none"
_PART = 5
_LONG_WORD = 7
_BIAS = "bias"
_MOST_SPANS = 3


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely one harm is (0 to 1), and the words that speak for it most, in order."""

    share: float
    spans: tuple[Span, ...]


def signs_of(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """The signs of a text, each with the token that it stands at: words, beginnings, endings, pairs."""
    for index, token in enumerate(tokens):
        word = "0" if token.word.isdecimal() else token.word
        yield word, index
        if len(word) >= _LONG_WORD:
            yield f"{word[:_PART]}-", index
            yield f"-{word[-_PART:]}", index
        if index and tokens[index - 1].sentence == token.sentence:
            before = tokens[index - 1].word
            yield f"{'0' if before.isdecimal() else before} {word}", index


def likelihoods(tokens: Sequence[Token]) -> dict[str, Likelihood]:
    """By harm code, and by "none" for a text that is no report: how likely it is. Empty for no words."""
    if not tokens:
        return {}
    table = _weights()
    sums = dict(table[_BIAS])
    parts: dict[str, dict[int, float]] = {}
    for sign, index in set(signs_of(tokens)):
        for code, weight in table.get(sign, ()):
            sums[code] += weight
            at = parts.setdefault(code, {})
            at[index] = at.get(index, 0.0) + weight
    return {
        code: Likelihood(1 / (1 + exp(-max(-30.0, min(30.0, total)))), _loudest(tokens, parts.get(code, {})))
        for code, total in sums.items()
    }


def _loudest(tokens: Sequence[Token], parts: dict[int, float]) -> tuple[Span, ...]:
    loud = sorted((index for index in parts if parts[index] > 0), key=lambda index: -parts[index])[
        :_MOST_SPANS
    ]
    return tuple(Span(tokens[index].start, tokens[index].end) for index in sorted(loud))


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    rows: dict[str, list[tuple[str, float]]] = {_BIAS: []}
    with gzip.open(WEIGHTS_FILE, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            rows.setdefault(row["sign"], []).append((row["code"], float(row["weight"])))
    return {sign: tuple(pairs) for sign, pairs in rows.items()}
