from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

from impact.understanding.letters import LetterModel

LANGUAGES = ("en", "fr", "pt", "sw", "ln", "es", "ht", "ar")


@cache
def model() -> LetterModel:
    return LetterModel.of_languages(LANGUAGES)


@cache
def library() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "soldiers beat three men at the mine yesterday",
        "ILS ONT TUE NOTRE FRERE A LA MINE",
        "wamechukua pesa zetu jana usiku " * 50,
        "Ils ont brûlé e\u0301 \ud800",
        "من على إلى هذا",
    ],
)
def test_it_answers_as_the_library_does(text: str) -> None:
    assert model().shares(text) == dict(library().rank(text))


@given(st.text())
def test_it_answers_as_the_library_does_whatever_the_text(text: str) -> None:
    assert model().shares(text) == dict(library().rank(text))


def test_it_leaves_out_languages_that_the_model_lacks() -> None:
    assert set(LetterModel.of_languages(["en", "sg"]).languages) == {"en"}
