"""Days in words: as each language's `formats` say, and in French the first of a month as an ordinal."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from impact.vocabulary import DatePrecision


def day_words(day: date) -> str:
    """ "1 March 2026", "1er mars 2026", "1 de março de 2026" """
    words = date_format(day, "DATE_FORMAT")
    is_ordinal = day.day == 1 and (get_language() or "").startswith("fr")
    return words.replace("1 ", "1er ", 1) if is_ordinal else words


def period_words(from_on: date | None, to_on: date | None, precision: str) -> str:
    """A published period in words, as coarse as its `precision` (see `CoarseDate`): never finer."""
    if from_on is None or to_on is None:
        return _("date not known")
    if precision == DatePrecision.DAY:
        return day_words(from_on)
    if precision == DatePrecision.WEEK:
        return _("week of %(day)s") % {"day": day_words(from_on)}
    return _span(from_on, to_on, "YEAR_MONTH_FORMAT" if precision == DatePrecision.MONTH else "Y")


def months_words(first: date, last: date) -> str:
    """The months of two days: "March 2026", "March 2026 to May 2026"."""
    return _span(first, last, "YEAR_MONTH_FORMAT")


def _span(from_on: date, to_on: date, form: str) -> str:
    first, last = date_format(from_on, form), date_format(to_on, form)
    return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}
