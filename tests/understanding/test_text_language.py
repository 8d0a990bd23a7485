import pytest

from impact.understanding.text_language import language_of
from tests.understanding.scoring import CORPUS, HELD_OUT, rows_of


def test_what_is_told_of_the_labelled_texts_is_right_and_most_are_told() -> None:
    rows = [*rows_of(CORPUS), *rows_of(HELD_OUT)]
    told = [(language_of(row["text"]), row["language"]) for row in rows]
    assert sum(found not in {"", language} for found, language in told) == 0
    assert sum(bool(found) for found, _language in told) > 0.85 * len(told)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Soldiers beat two diggers near the river and took their stones.", "en"),
        ("Des gardes de la société ont blessé trois creuseurs.", "fr"),
        ("", ""),
        ("Koidu", ""),
        ("1 2 3 4 5 6", ""),
        ("OK merci", ""),
    ],
)
def test_few_words_say_nothing(text: str, language: str) -> None:
    assert language_of(text) == language
