"""Which language the letters of a text look like: py3langid's model and arithmetic on tables of our own.

The library's answers to the last bit. A message touches some hundreds of cells of large tables and mostly
waits for memory, so that they are packed here, and only the columns of the languages told apart are kept.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from unicodedata import normalize

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

_NO_FEATURE = -1


class LetterModel:
    """Naive Bayes over runs of letters, found by an automaton that reads a text byte by byte."""

    def __init__(self, identifier: LanguageIdentifier) -> None:
        """Takes over the languages that the identifier is set to. ValueError where one has two columns."""
        self.languages = tuple(str(code) for code in identifier.nb_classes)
        if len(set(self.languages)) < len(self.languages):
            raise ValueError(f"a language that is written in two alphabets: {', '.join(self.languages)}")
        self._weights = np.ascontiguousarray(identifier.nb_ptc, dtype=np.float32)
        self._priors = identifier.nb_pc
        self._moves: Sequence[int] | memoryview = identifier.tk_nextmove
        self._rows = array("I", [row << 8 for row in identifier.tk_row])
        self._features = array("i", identifier.tk_output)

    @classmethod
    def of_languages(cls, wanted: Iterable[str]) -> "LetterModel":
        """The shipped model for those of these languages (ISO 639 codes) that it has."""
        identifier = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE)
        identifier.set_languages(sorted(set(identifier.labels) & set(wanted)))
        model = cls(identifier)
        # The weights of all languages go before the largest table is there twice: numpy's memory has large
        # pages where the system has them.
        del identifier
        model._moves = np.array(model._moves).data
        return model

    def shares(self, text: str) -> dict[str, float]:
        """How likely each language is, all of them together 1."""
        letters = normalize("NFC", text.lower() if text.isupper() else text).encode(errors="surrogatepass")
        scores = self._scores(letters)
        # The square root of the length keeps long texts from being all too sure.
        scores *= 1 / sqrt(len(letters) or 1)
        np.exp(scores - scores.max(), out=scores)
        scores /= scores.sum()
        return dict(zip(self.languages, scores.tolist(), strict=True))

    def _scores(self, letters: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        moves, rows, features, state = self._moves, self._rows, self._features, 0
        times = Counter([features[state := moves[rows[state] + letter]] for letter in letters])
        times.pop(_NO_FEATURE, None)
        found = np.fromiter(times, dtype=np.intp, count=len(times))
        counts = np.fromiter(times.values(), dtype=np.float32, count=len(times))
        scores: np.ndarray[tuple[int], np.dtype[np.float32]] = np.log1p(counts) @ self._weights[found]
        return scores + self._priors if times else np.zeros_like(self._priors)
