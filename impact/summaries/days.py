"""Days and months in words, as each language prints them: 1er mars 2026, 1 de março de 2026."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

_DAY = {"pt": r"j \d\e F \d\e Y"}
_MONTH = {"pt": r"F \d\e Y"}


def day_words(day: date) -> str:
    """ "1 March 2026" """
    language = _language()
    words = _lowered(date_format(day, _DAY.get(language, "j F Y")), language)
    return words.replace("1 ", "1er ", 1) if language == "fr" and day.day == 1 else words


def month_words(day: date) -> str:
    """ "March 2026" """
    language = _language()
    return _lowered(date_format(day, _MONTH.get(language, "F Y")), language)


def _language() -> str:
    return (get_language() or "en")[:2]


def _lowered(words: str, language: str) -> str:
    # Django has the months of Portuguese in capitals, against the spelling of 1990.
    return words.lower() if language == "pt" else words
