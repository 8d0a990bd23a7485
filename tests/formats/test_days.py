from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

from impact.formats.days import day_words


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


def test_only_the_first_is_an_ordinal_in_french() -> None:
    with translation.override("fr"):
        assert day_words(date(2026, 3, 21)) == "21 mars 2026"
        assert day_words(date(2026, 3, 11)) == "11 mars 2026"
