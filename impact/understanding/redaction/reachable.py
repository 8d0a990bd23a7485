"""E-mail addresses, links, handles, and streets with a number."""

import re
from collections.abc import Iterator

from impact.understanding.facts import Span
from impact.understanding.redaction.findings import Kind

# Each part ends somewhere, as in RFC 5321 and RFC 1035: a text of hyphens alone is looked through once.
_LOCAL = r"[\w.+%'\-]{0,63}\w"
_AT = r"\s?(?:@|[(\[{<]\s?(?:at|arroba|arobase|@)\s?[)\]}>])\s?"
_SPOKEN_AT = r"\s+(?:at|arroba|arobase|kwa)\s+"
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|point|ponto|nukta|\.)\s?[)\]}]\s?|\s+(?:dot|point|ponto|nukta)\s+)"
_SPOKEN_DOT = r"(?:\s?[(\[{]?\s?(?:dot|point|ponto|nukta)\s?[)\]}]?\s?)"
_EMAIL = re.compile(
    rf"(?<![\w.]){_LOCAL}(?:{_AT}[\w\-]+(?:{_DOT}[\w\-]+)+|{_SPOKEN_AT}[\w\-]+(?:{_SPOKEN_DOT}[\w\-]+)+)"
)
_DOMAINS = (
    "com|org|net|info|biz|me|co|io|africa|cd|cf|cm|cg|ao|mz|tz|ke|ug|rw|bi|zm|zw|za|na|bw|sl|lr|gn|ci|gh|ng|ml|sn|bf|fr"
    "|pt|uk|be|example"
)
_LINK = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"]+"
    rf"|(?<![\w@.])(?:[a-z0-9\-]{{1,63}}\.){{1,20}}(?:{_DOMAINS})(?:/[^\s<>\"]*|\b(?![.\w]))"
)
_HANDLE = re.compile(r"(?<![\w@.])@[a-z_][\w.]{2,}")
_HANDLE_AFTER = re.compile(
    r"\b(?:facebook|fb|insta|instagram|telegram|tiktok|twitter|whatsapp|snapchat|messenger|signal|skype)"
    r"\s?[:=]\s?(?P<value>[a-z_][\w.]{2,}(?:\s[a-z]\w+)?)"
)

_STREET = (
    r"street|road|avenue|ave|lane|close|drive|crescent|highway|boulevard|bvd|bd|rue|route|rua|avenida|travessa|largo"
    r"|estrada|barabara|mtaa|nzela|balabala"
)
_NAMED = r"(?:[A-ZÀ-Þ][\w'\-]+|\d{1,2}\s+(?:de|do)\s+[A-ZÀ-Þ]\w+)"
_LINKS = r"(?:(?:de|des|du|d'|do|da|dos|das|la|le|l'|of|ya|wa)\s*){0,2}"
_NUMBER = r"(?:,?\s*(?:n[°ºo.]{0,2}|no\.?|namba|number)?\s*\d{1,4}[a-z]?\b)"
_ADDRESSES = (
    re.compile(rf"\b\d{{1,4}}[a-zA-Z]?,?\s+(?:[A-ZÀ-Þ][\w'\-]+\s+){{1,3}}(?i:{_STREET})\b"),
    re.compile(
        rf"(?:\b\d{{1,4}}[a-zA-Z]?,?\s+)?\b(?i:{_STREET})\s+{_LINKS}{_NAMED}(?:\s+{_LINKS}{_NAMED}){{0,2}}{_NUMBER}?"
    ),
    re.compile(
        r"\b(?i:plot|house|parcelle|maison|casa|nyumba|imba|bloc|block|room|lote|quarteirao)\s+"
        rf"(?i:number\s+|no\.?\s*|n[°º]\s*|namba\s+)?\d{{1,4}}\b(?:,?\s+{_NAMED}\s+(?i:{_STREET})\b)?"
    ),
    re.compile(rf"\b(?i:quartier|bairro|kitongoji|suburb)\s+{_LINKS}{_NAMED}"),
)

Found = tuple[Span, Kind, str]


def find_reachable(plain: str, folded: str) -> Iterator[Found]:
    """E-mail addresses (also "name at domain dot org"), links, handles and addresses."""
    for match in _EMAIL.finditer(folded):
        yield Span(*match.span()), Kind.EMAIL, "shape"
    for match in _LINK.finditer(folded):
        end = match.start() + len(match.group().rstrip(".,;:!?)"))
        yield Span(match.start(), end), Kind.LINK, "shape"
    for match in _HANDLE.finditer(folded):
        # "@Koidu" in a text message is "at Koidu": handles are written small or with a figure.
        written = plain[match.start() + 1 : match.end()]
        if not written.istitle():
            yield Span(*match.span()), Kind.LINK, "handle"
    for match in _HANDLE_AFTER.finditer(folded):
        yield Span(*match.span("value")), Kind.LINK, "handle"
    for pattern in _ADDRESSES:
        for match in pattern.finditer(plain):
            yield Span(*match.span()), Kind.ADDRESS, "street"
