"""Days in words: as each language's `formats` say, and in French the first of a month as an ordinal."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language


def day_words(day: date) -> str:
    """ "1 March 2026", "1er mars 2026", "1 de março de 2026" """
    words = date_format(day, "DATE_FORMAT")
    is_ordinal = day.day == 1 and (get_language() or "").startswith("fr")
    return words.replace("1 ", "1er ", 1) if is_ordinal else words
