import pytest
from django.utils import translation

from impact.summaries.typography import hard_spaces


def test_french_punctuation_begins_no_line() -> None:
    with translation.override("fr"):
        assert hard_spaces({"a": ["Qui : « eux » ; 95 % ?", 3]}) == {
            "a": ["Qui\u00a0: «\u00a0eux\u00a0»\u00a0; 95\u00a0%\u00a0?", 3]
        }
        assert hard_spaces("https://headlamp.example: a") == "https://headlamp.example: a"


@pytest.mark.parametrize("language", ["en", "pt", "sw"])
def test_others_are_left_as_they_are(language: str) -> None:
    with translation.override(language):
        assert hard_spaces("a : b") == "a : b"
