"""A guess at the harm of a report in which no phrase was found, from single words of the phrases.

A word that stands in the phrases of one harm more than in those of others leans to it: "cajueiros" to the
damage of land. What the words of a text lean to together is a guess that a moderator sees as unsure.
"""

from collections import Counter, defaultdict
from functools import cache

from impact.understanding.facts import HarmFound, Span
from impact.understanding.lexicon import Lexicon, lexicons
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm

_LEAST_LEANING = 0.8
_CONFIDENCE = 0.4
_SHORTEST_WORD = 3
_SURE_STRENGTHS = {"sure", "unless_accident", "unless_killing"}

Leanings = dict[str, dict[Harm, float]]


def lean_harm(marked: MarkedText) -> HarmFound | None:
    """The harm that the words of a text lean to most, or None when they lean to none enough."""
    totals: Counter[Harm] = Counter()
    spans: dict[Harm, list[Span]] = {}
    for token in marked.tokens:
        if len(token.word) < _SHORTEST_WORD:
            continue
        best: dict[Harm, float] = {}
        for book in marked.lexicons:
            for harm, leaning in _leanings_of(token.word, book).items():
                best[harm] = max(best.get(harm, 0.0), leaning)
        for harm, leaning in best.items():
            totals[harm] += leaning  # type: ignore[assignment]
            spans.setdefault(harm, []).append(Span(token.start, token.end))
    if not totals:
        return None
    harm, leaning = max(totals.items(), key=lambda item: (item[1], item[0]))
    return HarmFound(harm, _CONFIDENCE, tuple(spans[harm])) if leaning >= _LEAST_LEANING else None


def _leanings_of(word: str, book: Lexicon) -> dict[Harm, float]:
    if word in book.common:
        return {}
    words, lengths = _table(book.language)
    seen: Counter[Harm] = Counter(words.get(word, {}))
    for length in lengths:
        if length <= len(word):
            seen.update(words.get(f"{word[:length]}*", {}))
    total = sum(seen.values())
    # A word of many phrases leans the more surely.
    return {harm: (times / total) * (times / (times + 1)) for harm, times in seen.items()}


@cache
def _table(language: str) -> tuple[Leanings, tuple[int, ...]]:
    """How often each word stands in the phrases of each harm, and the lengths of the stems among them."""
    times: defaultdict[str, Counter[Harm]] = defaultdict(Counter)
    for label, words, share in lexicons()[language].phrases.parts():
        if label.section != "harms" or label.name == Harm.OTHER or label.strength not in _SURE_STRENGTHS:
            continue
        for word in words:
            times[word][Harm(label.name)] += share  # type: ignore[assignment]
    lengths = {len(word) - 1 for word in times if word.endswith("*")}
    return {word: dict(harms) for word, harms in times.items()}, tuple(sorted(lengths))
