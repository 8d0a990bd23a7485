"""Names in a text that the gazetteer does not know: what a moderator may teach."""

from collections.abc import Iterator

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints
from impact.understanding.language import find_language
from impact.understanding.lexicon import READ_IN_FULL, lexicons
from impact.understanding.mentions import is_everyday, known_tokens
from impact.understanding.place_cues import STRONG_CUES, cues_of
from impact.understanding.scanning import MarkedText, scan_text
from impact.understanding.tokens import span_of, tokens_of

_SHORTEST, _MOST_WORDS = 4, 3
_JOINTS = {" ", "-", "'", "’"}


def unknown_name(text: str, hints: Hints, gazetteer: Gazetteer) -> str:
    """The first name in a text that is introduced as a place and that the gazetteer lacks; "" for none.

    As sent, at most three words. Never raises on any str.
    """
    tokens = tokens_of(text)
    language = find_language(tokens, hints.sender_country, hints.language)
    marked = scan_text(text, tokens, language.read_with)
    for first, last in _introduced(marked):
        if "".join(token.word for token in tokens[first : last + 1]) not in gazetteer:
            span = span_of(tokens, first, last)
            return text[span.start : span.end]
    return ""


def stands_in(words: str, text: str) -> bool:
    """Whether a text has these words in this order, case and accents aside."""
    wanted, held = ([token.word for token in tokens_of(part)] for part in (words, text))
    return bool(wanted) and any(
        held[start : start + len(wanted)] == wanted for start in range(len(held) - len(wanted) + 1)
    )


def can_be_a_name(words: str) -> bool:
    """Whether words may be taught as a name: letters enough, and not only words that mean something else."""
    tokens = tokens_of(words)
    marked = scan_text(words, tokens, [lexicons()[language] for language in READ_IN_FULL])
    known = known_tokens(marked)
    return (
        0 < len(tokens) <= _MOST_WORDS + 1
        and sum(token.text.isalpha() and len(token.word) for token in tokens) >= _SHORTEST - 1
        and any(
            index not in known and not is_everyday(token.word, marked) for index, token in enumerate(tokens)
        )
    )


def _introduced(marked: MarkedText) -> Iterator[tuple[int, int]]:
    """First and last tokens of words that a cue introduces and that no lexicon knows."""
    known, tokens = known_tokens(marked), marked.tokens

    def may_be_name(index: int) -> bool:
        token = tokens[index]
        return token.text.isalpha() and index not in known and not is_everyday(token.word, marked)

    for first, cue in sorted(cues_of(marked).items()):
        if cue not in STRONG_CUES or first >= len(tokens) or not may_be_name(first):
            continue
        last = first
        while (
            last + 1 < len(tokens)
            and last + 1 - first < _MOST_WORDS
            and marked.text[tokens[last].end : tokens[last + 1].start] in _JOINTS
            and tokens[last + 1].is_capital
            and may_be_name(last + 1)
        ):
            last += 1
        if len(tokens[first].word) >= _SHORTEST:
            yield first, last
