"""Places in notations that are kept as written: what3words, which is proprietary, and links with no point."""

import re

from impact.understanding.coordinates.links import link_reading, map_links
from impact.understanding.facts import Span, VerbatimPlace

_WORD = r"[^\W\d_]{2,40}+"
_WHAT3WORDS = re.compile(
    r"(?:(?<![\w:/])///\s?|(?<![\w.@])(?:https?://)?(?:(?:www|map)\.)?(?:what3words\.com|w3w\.co)/(?:[a-z]{2}/)?)"
    rf"{_WORD}\.{_WORD}\.{_WORD}(?!\.?\w)",
    re.IGNORECASE,
)


def find_verbatim_places(text: str) -> tuple[VerbatimPlace, ...]:
    """what3words and links to maps that carry no point, in the order of the text, for a person to open."""
    if "/" not in text:
        return ()
    spans = [("what3words", Span(*match.span())) for match in _WHAT3WORDS.finditer(text)]
    spans += [
        ("map_link", link) for link in map_links(text) if link_reading(text, link, _is_home_nowhere) is None
    ]
    return tuple(
        VerbatimPlace(kind, text[span.start : span.end], span)
        for kind, span in sorted(spans, key=lambda pair: pair[1].start)
    )


def _is_home_nowhere(longitude: float, latitude: float) -> bool:
    return False
