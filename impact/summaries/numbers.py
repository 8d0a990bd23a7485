"""Numbers as a reader of the language writes them: 12,345, 12 345 or 12.345."""

from decimal import Decimal

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """A number with the separators of the active language."""
    return str(number_format(number, use_l10n=True, force_grouping=True))


def rounded(number: float | Decimal, places: int) -> str:
    """A number to so many places, rounded half to even: Django's formatter by itself cuts digits off."""
    return str(number_format(Decimal(f"{number:.{places}f}"), places, use_l10n=True, force_grouping=True))
