from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from impact.formats.days import day_words, period_words


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
        assert date_format(date(2026, 3, 1), "YEAR_MONTH_FORMAT") == month


def test_pages_write_them_alike() -> None:
    page = Template("{{ day|day_words }}, {{ moment|day_words }}, {{ nothing|day_words }}.")
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with translation.override("fr"):
        words = page.render(Context({"day": date(2026, 3, 1), "moment": moment, "nothing": None}))
    assert words == "1er mars 2026, 1er mars 2026, ."


@pytest.mark.parametrize(
    ("first", "last", "precision", "words"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "day", "2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 8), "week", "week of 2 March 2026"),
        (date(2026, 3, 1), date(2026, 3, 31), "month", "March 2026"),
        (date(2026, 3, 1), date(2026, 4, 30), "month", "March 2026 to April 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "year", "2026"),
        (date(2025, 1, 1), date(2026, 12, 31), "year", "2025 to 2026"),
        (None, None, "", "date not known"),
    ],
)
def test_a_period_is_told_no_finer_than_it_was_published(
    first: date | None, last: date | None, precision: str, words: str
) -> None:
    assert period_words(first, last, precision) == words


def test_only_the_first_is_an_ordinal_in_french() -> None:
    with translation.override("fr"):
        assert day_words(date(2026, 3, 21)) == "21 mars 2026"
        assert day_words(date(2026, 3, 11)) == "11 mars 2026"
