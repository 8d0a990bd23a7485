from typing import TypeVar

from django import template

from impact.summaries.numbers import grouped as grouped_number

register = template.Library()
Value = TypeVar("Value")


@register.filter
def grouped(value: Value) -> Value | str:
    """A whole number with the separators of the language; anything else as it is."""
    return grouped_number(value) if isinstance(value, int) and not isinstance(value, bool) else value
