"""Statements one after another, as print in each language sets them: French puts a space before its signs."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def joined(statements: Iterable[object]) -> str:
    """ "275 incidents; 133 of them …": nothing for none."""
    return pgettext("between two statements", "; ").join(map(str, statements))
