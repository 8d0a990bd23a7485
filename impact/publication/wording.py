"""Words that a moderator must not take over: a run of them that stands in a report too."""

import re

LONGEST_RUN = 6  # words: "two people were killed" is nobody's own; seven in a row are somebody's sentence
_WORD = re.compile(r"\w+")


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
    return _WORD.findall(text.casefold())
