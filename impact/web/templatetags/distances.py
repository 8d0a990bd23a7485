"""`{% load distances %}{{ metres|distance }}`: a distance in words, as the desk says it."""

from django import template

from impact.web.desk.wording import distance_words

register = template.Library()


@register.filter
def distance(metres: float) -> str:
    """Metres or kilometres: "15 km"."""
    return distance_words(metres)
