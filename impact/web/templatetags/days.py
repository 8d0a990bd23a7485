from datetime import date, datetime

from django import template

from impact.formats import ages, days

register = template.Library()


@register.filter(expects_localtime=True)
def day_words(day: date | None) -> str:
    """A day, or the day of a moment, in words; nothing for None."""
    return days.day_words(day) if day else ""


@register.filter
def age_words(moment: datetime) -> str:
    """How long ago a moment was: "5 days"."""
    return ages.age_words(moment)
