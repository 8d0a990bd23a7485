"""The language of words that nobody asked about: for screen readers, which speak a wrong one as nonsense."""

from functools import lru_cache

from impact.understanding.language import UNKNOWN_LANGUAGE, find_language
from impact.understanding.tokens import tokens_of

_LEAST_WORDS = 5
_SURE = 0.6  # of the labelled texts of the suite, none is told wrong from here on


@lru_cache(maxsize=4096)
def language_of(text: str) -> str:
    """The code of the language that a text is plainly in (BCP 47), "" where it is not plain."""
    tokens = tuple(tokens_of(text))
    if sum(token.word[0].isalpha() for token in tokens) < _LEAST_WORDS:
        return ""
    found = find_language(tokens, "", "")
    is_plain = found.confidence >= _SURE and found.language != UNKNOWN_LANGUAGE
    return found.language if is_plain else ""
