"""Learning a `HarmModel` from texts whose harms people have settled."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from impact.understanding.facts import HarmFound
from impact.understanding.harm_model import HarmModel, Training, letters_of, lexicon_features
from impact.understanding.tokens import tokens_of
from impact.vocabulary import Harm

# A harm told of less often is left to the lexicons.
LEAST_TIMES_SEEN = 8
_REGULARISATION = 4.0
_MOST_STEPS = 1_000


@dataclass(frozen=True, slots=True)
class Settled:
    """A text, what the lexicons found in it, and the harms that people settled on, the main one first."""

    text: str
    found: tuple[HarmFound, ...]
    harms: tuple[Harm, ...]


def fit_harm_model(settled: Sequence[Settled], training: Training) -> HarmModel | None:
    """A model of the harms that were seen often enough, or None when there is no such harm.

    Deterministic: the same texts in the same order give the same weights.
    """
    from sklearn.linear_model import LogisticRegression

    texts = [" ".join(token.word for token in tokens_of(one.text)) for one in settled]
    lexicons = csr_matrix(lexicon_features([one.found for one in settled]))
    features = hstack([letters_of(texts), lexicons]).tocsr()
    harms, weights, intercepts = [], [], []
    for harm in Harm:
        is_told = np.array([harm in one.harms for one in settled])
        if min(is_told.sum(), len(is_told) - is_told.sum()) < LEAST_TIMES_SEEN:
            continue
        fitted = LogisticRegression(C=_REGULARISATION, max_iter=_MOST_STEPS).fit(features, is_told)
        harms.append(harm)
        weights.append(fitted.coef_[0])
        intercepts.append(fitted.intercept_[0])
    if not harms:
        return None
    return HarmModel(
        harms=tuple(harms),
        weights=np.array(weights, dtype=np.float32),
        intercepts=np.array(intercepts, dtype=np.float32),
        training=training,
    )
