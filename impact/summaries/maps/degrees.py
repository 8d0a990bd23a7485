"""Degrees in words: "6.4° S", and "6,4° S" or "20° O" where the language has it so."""

from django.utils.formats import number_format
from django.utils.translation import pgettext


def latitude_words(value: float, decimals: int = 1) -> str:
    letter = pgettext("latitude", "N") if value >= 0 else pgettext("latitude", "S")
    return _words(value, decimals, letter)


def longitude_words(value: float, decimals: int = 1) -> str:
    letter = pgettext("longitude", "E") if value >= 0 else pgettext("longitude", "W")
    return _words(value, decimals, letter)


def _words(value: float, decimals: int, letter: str) -> str:
    degrees = f"{number_format(abs(value), decimals)}°"
    return f"{degrees}\u00a0{letter}" if value else degrees
