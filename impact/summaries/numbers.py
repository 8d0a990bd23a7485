"""Whole numbers as a reader of the language writes them: 12,345, 12 345 or 12.345."""

from django.utils.formats import number_format


def grouped(number: int) -> str:
    """A number with the separators of the active language."""
    return str(number_format(number, use_l10n=True, force_grouping=True))
