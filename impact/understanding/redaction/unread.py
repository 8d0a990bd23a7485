"""Words in a script without capitals (Arabic, Ge'ez, Chinese, …), in which no name is told from other words.

There is no sign by which a name shows, and titles of a few languages would make it look as if there were one.
So all of such words are found, a sentence at a time: somebody who reads them has to answer for each.
"""

import re
import unicodedata

from impact.understanding.facts import Span
from impact.understanding.redaction.findings import Finding, Kind

_FIRST = 0x0590  # before it there are Latin, Greek, Cyrillic and Armenian, which have capitals
_SENTENCE = re.compile(r"[^.!?;\n؟۔。！？።፧]+")


def find_unread(text: str) -> tuple[Finding, ...]:
    """A finding for each sentence, from its first letter without a capital to its last."""
    found = []
    for sentence in _SENTENCE.finditer(text):
        at = [place for place in range(*sentence.span()) if _has_no_capital(text[place])]
        if at:
            span = Span(at[0], at[-1] + 1)
            found.append(Finding(span, text[span.start : span.end], Kind.UNREAD, "no_capitals"))
    return tuple(found)


def _has_no_capital(letter: str) -> bool:
    return ord(letter) >= _FIRST and unicodedata.category(letter) == "Lo"
