"""A small linear model over runs of letters that ranks the lexicons' harms anew.

It is learnt on the machine from the installation's own moderated reports (see `train_reading`) and is
optional. The features of a text are its folded words' runs of 2 to 5 letters, hashed, beside the confidences
that the lexicons gave; each harm that was seen often enough has a logistic regression on them.
"""

import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from impact.understanding.facts import HarmFound, Span
from impact.understanding.scanning import MarkedText
from impact.vocabulary import Harm

FEATURES = 2**15
_FORMAT = 1
_HARMS = tuple(Harm)
# A harm that no lexicon found has to be surer than one that they found too.
_LEAST_PROBABILITY, _LEAST_ALONE = 0.5, 0.7
_MOST_WORDS_SHOWN = 3
# The lexicons' answer weighs as much as a whole text of letters, which has length 1.
_LEXICON_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class Training:
    """How a model came to be: on how many reports it was learnt and tried, and how well it did there.

    The scores are micro-averaged F1 of the harms, of the reading as it was before and with the model.
    """

    trained_on: str
    learnt_from: int
    held_back: int
    f1_before: float
    f1_after: float


@dataclass(frozen=True, slots=True)
class HarmModel:
    """`weights` is (harms, FEATURES + all harms) and `intercepts` (harms,), both float32."""

    harms: tuple[Harm, ...]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    training: Training

    def reranked(self, marked: MarkedText, harms: tuple[HarmFound, ...]) -> tuple[HarmFound, ...]:
        """The harms of a text, the most probable first. Those that the model never learnt stay as they are.

        A harm that the lexicons did not find rests on the words that speak most for it.
        """
        words = [token.word for token in marked.tokens]
        if not words:
            return harms
        row = letters_of([" ".join(words)])
        evidence = row @ self.weights[:, :FEATURES].T
        evidence += lexicon_features([harms]) @ self.weights[:, FEATURES:].T + self.intercepts
        probabilities = 1 / (1 + np.exp(-evidence[0]))
        found = {harm.harm: harm for harm in harms}
        for index, harm in enumerate(self.harms):
            probability = round(float(probabilities[index]), 2)
            held = found.pop(harm, None)
            if probability >= (_LEAST_PROBABILITY if held else _LEAST_ALONE):
                spans = held.spans if held else self._spans(index, marked)
                found[harm] = HarmFound(harm, min(0.95, probability), spans)
        ranked = sorted(found.values(), key=lambda harm: (-harm.confidence, harm.spans[0].start))
        # What is told of something is told of something: doubt alone never empties the answer.
        return tuple(ranked) or harms

    def save(self, path: Path) -> None:
        """Write the model so that a reader sees the old file or the new one, never half of either."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            np.savez_compressed(
                file,
                format=np.int64(_FORMAT),
                harms=np.array([str(harm) for harm in self.harms]),
                weights=self.weights.astype(np.float16),
                intercepts=self.intercepts,
                trained_on=np.array(self.training.trained_on),
                learnt_from=np.array(self.training.learnt_from),
                held_back=np.array(self.training.held_back),
                f1_before=np.array(self.training.f1_before),
                f1_after=np.array(self.training.f1_after),
            )
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, path)

    @classmethod
    def load(cls, path: Path) -> "HarmModel":
        """Read what `save` wrote; nothing in the file is ever executed. Raises OSError, ValueError."""
        try:
            with np.load(path, allow_pickle=False) as file:
                return cls._of(file)
        except KeyError as error:
            raise ValueError(f"it has no {error}") from error
        except (AttributeError, BadZipFile, EOFError, TypeError, zlib.error) as error:
            raise ValueError(f"it is no model: {error}") from error

    @classmethod
    def _of(cls, file: Any) -> "HarmModel":
        if int(file["format"]) != _FORMAT:
            raise ValueError(f"it has the format {int(file['format'])}, this version reads {_FORMAT}")
        harms = tuple(Harm(str(code)) for code in file["harms"])
        weights, intercepts = file["weights"].astype(np.float32), file["intercepts"].astype(np.float32)
        if weights.shape != (len(harms), FEATURES + len(_HARMS)) or intercepts.shape != (len(harms),):
            raise ValueError("its tables are of another size than its harms")
        if not (np.isfinite(weights).all() and np.isfinite(intercepts).all()):
            raise ValueError("it has weights that are no numbers")
        return cls(
            harms=harms,
            weights=weights,
            intercepts=intercepts,
            training=Training(
                trained_on=str(file["trained_on"]),
                learnt_from=int(file["learnt_from"]),
                held_back=int(file["held_back"]),
                f1_before=float(file["f1_before"]),
                f1_after=float(file["f1_after"]),
            ),
        )

    def _spans(self, index: int, marked: MarkedText) -> tuple[Span, ...]:
        """The words whose letters weigh most for a harm, in their order."""
        rows = letters_of([token.word for token in marked.tokens])
        weighing = rows @ self.weights[index, :FEATURES]
        best = sorted(range(len(marked.tokens)), key=lambda at: -float(weighing[at]))[:_MOST_WORDS_SHOWN]
        shown = [at for at in sorted(best) if weighing[at] > 0] or best[:1]
        return tuple(Span(marked.tokens[at].start, marked.tokens[at].end) for at in shown)


def letters_of(texts: Sequence[str]) -> Any:
    """The runs of letters of folded texts: a sparse matrix (texts, FEATURES) whose rows have length 1."""
    return _vectorizer().transform(texts)


def lexicon_features(found: Sequence[tuple[HarmFound, ...]]) -> NDArray[np.float32]:
    """What the lexicons said of each text: (texts, all harms)."""
    table = np.zeros((len(found), len(_HARMS)), dtype=np.float32)
    for row, harms in enumerate(found):
        for harm in harms:
            table[row, _HARMS.index(harm.harm)] = harm.confidence * _LEXICON_WEIGHT
    return table


@cache
def _vectorizer() -> Any:
    # Imported when a model is used: most installations read without one.
    from sklearn.feature_extraction.text import HashingVectorizer

    return HashingVectorizer(
        analyzer="char_wb",
        ngram_range=(2, 5),
        n_features=FEATURES,
        alternate_sign=False,
        lowercase=False,
        dtype=np.float32,
    )
