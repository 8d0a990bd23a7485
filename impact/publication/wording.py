"""Words for the public as they are kept, and those that a moderator must not take over: a run of them that
stands in a report too."""

import re

from impact.understanding.redaction import visible_text
from impact.understanding.redaction.plain import bare_letters, folded_letters

LONGEST_RUN = 6  # words: "two people were killed" is nobody's own; seven in a row are somebody's sentence
_WORD = re.compile(r"\w+")


def public_words(text: str) -> str:
    """A moderator's text as the world will read it: with nothing in it that nobody sees on the desk."""
    return visible_text(text).strip()


def copied_words(text: str, report: str) -> str:
    """The first run of more than LONGEST_RUN words of a text that a report has as well, or a whole report;
    or ""."""
    words, theirs = _words(text), _words(report)
    least = max(min(LONGEST_RUN + 1, len(theirs)), 4)
    runs = {tuple(theirs[start : start + least]) for start in range(len(theirs) - least + 1)}
    for start in range(len(words) - least + 1):
        if tuple(words[start : start + least]) in runs:
            return " ".join(words[start : start + least])
    return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(folded_letters(bare_letters(text)[0]))
