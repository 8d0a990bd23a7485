from datetime import date

from django import template

from impact.formats import days

register = template.Library()


@register.filter(expects_localtime=True)
def day_words(day: date | None) -> str:
    """A day, or the day of a moment, in words; nothing for None."""
    return days.day_words(day) if day else ""
