from datetime import date

import pytest
from django.utils import translation

from impact.summaries.days import day_words, month_words


@pytest.mark.parametrize(
    ("language", "day", "month"),
    [
        ("en", "1 March 2026", "March 2026"),
        ("fr", "1er mars 2026", "mars 2026"),
        ("pt", "1 de março de 2026", "março de 2026"),
        ("sw", "1 Machi 2026", "Machi 2026"),
    ],
)
def test_days_are_written_as_the_language_prints_them(language: str, day: str, month: str) -> None:
    with translation.override(language):
        assert day_words(date(2026, 3, 1)) == day
        assert month_words(date(2026, 3, 1)) == month


def test_only_the_first_is_an_ordinal_in_french() -> None:
    with translation.override("fr"):
        assert day_words(date(2026, 3, 21)) == "21 mars 2026"
        assert day_words(date(2026, 3, 11)) == "11 mars 2026"
