"""Carats and dollars in words, rounded to what they can bear."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

_MILLION, _THOUSAND = Decimal(1_000_000), Decimal(1_000)


def carat_words(carats: Decimal | None) -> str:
    """ "8.35 million carats", "56,842 carats"; "" for None."""
    if carats is None:
        return ""
    if carats >= _MILLION:
        return _("%(number)s million carats") % {"number": _number(carats / _MILLION)}
    return _("%(number)s carats") % {
        "number": number_format(round(carats), use_l10n=True, force_grouping=True)
    }


def dollar_words(dollars: Decimal | None) -> str:
    """ "US$ 1.53 billion", "US$ 303 million"; "" for None."""
    if dollars is None:
        return ""
    if dollars >= _MILLION * _THOUSAND:
        return _("US$ %(number)s billion") % {"number": _number(dollars / _MILLION / _THOUSAND)}
    if dollars >= _MILLION:
        return _("US$ %(number)s million") % {"number": _number(dollars / _MILLION)}
    return f"US$ {number_format(round(dollars), use_l10n=True, force_grouping=True)}"


def _number(number: Decimal) -> str:
    places = 0 if number >= 100 else 1 if number >= 10 else 2
    return str(number_format(round(number, places), decimal_pos=places))  # the formatter cuts digits off
