from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from impact.understanding.text_language import language_of

register = template.Library()


@register.filter
def in_language(text: str) -> SafeString:
    """The attribute `lang` for an element with these words; nothing where their language is not plain."""
    language = language_of(text)
    return format_html(' lang="{}"', language) if language else SafeString("")
