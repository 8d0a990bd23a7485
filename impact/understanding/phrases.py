"""Finding the phrases of a lexicon among the words of a text.

How a phrase is written, for whoever corrects a lexicon:

    soldier        this word; capitals and accents make no difference
    kill*          any word that begins so
    -pig*          a verb of a language that puts subject, tense and object before the stem (part `verbs`)
    beat|beaten    either
    took_over|seized   an alternative of several words
    burn* ~ house*     up to three other words may stand between, with no comma or full stop among them
    boys ~~ dig*       up to six
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from impact.places.names import fold_letters
from impact.understanding.facts import Span
from impact.understanding.tokens import Token

_GAPS = {"~": 3, "~~": 6}
_SHORTEST_STEM = 2
_LONGEST_VERB = 40
_NEARBY = 8
_WORDS = re.compile(r"[^\W\d_]+|\d+|@")
_PATTERN_WORD = re.compile(r"-?(?:[^\W_]+|@)\*?")

PLAIN, NEGATIVE, FUTURE = "plain", "negative", "future"


class PhraseError(ValueError):
    """A phrase that is not written as the module says."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a phrase stands for: "harms"/"killing"/"sure", "dates"/"today"/""."""

    section: str
    name: str
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found: the first and the last token, its letters, and the form of its verb."""

    label: Label
    first: int
    last: int
    span: Span
    form: str
    size: int


@dataclass(frozen=True, slots=True)
class VerbParts:
    """What may stand before the stem of a verb, in this order: Swahili "ha-wa-ja-tu-lipa".

    `needs_tense` tells whether a subject alone is no verb yet; infinitives (`bare`) need none.
    """

    negatives: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    tenses: tuple[str, ...] = ()
    futures: tuple[str, ...] = ()
    relatives: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    needs_tense: bool = False

    def compiled(self) -> re.Pattern[str]:
        """The heads of verbs as a pattern with the groups negative, tense, future and bare."""
        return re.compile(
            rf"(?P<bare>{_any(self.bare)})|(?P<negative>{_any(self.negatives)})?{_any(self.subjects)}"
            rf"(?:(?P<future>{_any(self.futures)})|(?P<tense>{_any(self.tenses)}))*"
            rf"{_any(self.relatives)}?{_any(self.objects)}?"
        )


def _any(parts: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(map(re.escape, parts))})" if parts else "(?!)"


@dataclass(frozen=True, slots=True)
class VerbHead:
    """The compiled heads of one language's verbs."""

    pattern: re.Pattern[str]
    needs_tense: bool

    def form_of(self, word: str, end: int) -> str | None:
        """The form of a verb whose stem begins at `end`, or None where what stands before it is no head."""
        head = self.pattern.fullmatch(word, 0, end)
        if head is None:
            return None
        if head["bare"] is not None:
            return PLAIN
        if head["negative"] is not None:
            return NEGATIVE
        if head["future"] is not None:
            return FUTURE
        return PLAIN if head["tense"] is not None or not self.needs_tense else None

    def begins(self, word: str) -> bool:
        """Whether a word begins with a subject and a tense, and at least three letters follow."""
        head = self.pattern.match(word, 0, len(word) - 3)
        return head is not None and (head["tense"] is not None or head["future"] is not None)


@dataclass(frozen=True, slots=True)
class _Element:
    words: frozenset[str]
    stems: tuple[str, ...]
    verbs: tuple[tuple[str, bool], ...]
    gap: int

    def form_of(self, word: str, head: VerbHead | None) -> str | None:
        if word in self.words or (self.stems and word.startswith(self.stems)):
            return PLAIN
        for stem, is_open in self.verbs:
            if stem in word and (form := _verb_form(word, stem, is_open, head)):
                return form
        return None


@dataclass(frozen=True, slots=True)
class _Phrase:
    label: Label
    elements: tuple[_Element, ...]


def _verb_form(word: str, stem: str, is_open: bool, head: VerbHead | None) -> str | None:
    at = word.find(stem, 1) if head and len(word) <= _LONGEST_VERB else -1
    while head and at > 0:
        if is_open or at + len(stem) == len(word):
            form = head.form_of(word, at)
            if form:
                return form
        at = word.find(stem, at + 1)
    return None


def _written_out(phrase: str) -> Iterator[list[str]]:
    """The phrase as its parts, once for every alternative of several words ("took_over|seized")."""
    ways: list[list[str]] = [[]]
    for part in fold_letters(phrase).replace("'", " ").replace("’", " ").split():
        words = part.split("|")
        single = "|".join(word for word in words if "_" not in word)
        choices = [[single]] if single or "_" not in part else []
        choices += [word.split("_") for word in words if "_" in word]
        ways = [way + choice for way in ways for choice in choices]
    yield from ways


def _compiled(label: Label, phrase: str, parts: list[str]) -> _Phrase:
    elements: list[_Element] = []
    gap = 0
    for part in parts:
        if part in _GAPS:
            if gap or not elements:
                raise PhraseError(f"{phrase!r}: {part} stands between two words")
            gap = _GAPS[part]
            continue
        for words in _alternatives(part, phrase):
            elements.append(_element(words, gap, phrase))
            gap = 0
    if not elements or gap:
        raise PhraseError(f"{phrase!r}: a phrase needs words, and one after ~")
    return _Phrase(label, tuple(elements))


def _alternatives(part: str, phrase: str) -> list[list[str]]:
    """The words that one part allows; more than one list where a hyphen or figures part it in texts."""
    words = part.split("|")
    if all(_PATTERN_WORD.fullmatch(word) for word in words):
        return [words] if len(words) > 1 else [[word] for word in _figures_apart(part)]
    pieces = _WORDS.findall(part)
    if "|" in part or "*" in part.rstrip("*") or not pieces:
        raise PhraseError(f"{phrase!r}: cannot read {part!r}")
    if part.endswith("*"):
        pieces[-1] += "*"
    return [[piece] for piece in pieces]


def _figures_apart(part: str) -> list[str]:
    if part.startswith("-") or part.endswith("*"):
        return [part]
    return _WORDS.findall(part)


def _element(words: list[str], gap: int, phrase: str) -> _Element:
    exact, stems, verbs = [], [], []
    for word in words:
        bare = word.strip("-*")
        if word.endswith("*") and len(bare) < _SHORTEST_STEM:
            raise PhraseError(f"{phrase!r}: {word!r} is too short for a stem")
        if word.startswith("-"):
            verbs.append((bare, word.endswith("*")))
        elif word.endswith("*"):
            stems.append(bare)
        else:
            exact.append(bare)
    return _Element(frozenset(exact), tuple(stems), tuple(verbs), gap)


class PhraseBook:
    """Many phrases of one language, found in one pass over the words of a text."""

    def __init__(self, verbs: VerbParts | None = None) -> None:
        self._head = VerbHead(verbs.compiled(), verbs.needs_tense) if verbs else None
        self._phrases: list[_Phrase] = []
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_stem: dict[str, list[_Phrase]] = {}
        self._by_verb: list[tuple[str, bool, _Phrase]] = []
        self._stem_lengths: tuple[int, ...] = ()
        self.words: set[str] = set()

    def add_phrase(self, label: Label, phrase: str) -> None:
        """Add one phrase. Raises PhraseError when it is not written as this module says."""
        ways = list(_written_out(phrase))
        for parts in ways:
            self._add(_compiled(label, phrase, parts))

    def _add(self, compiled: _Phrase) -> None:
        self._phrases.append(compiled)
        head = compiled.elements[0]
        for word in head.words:
            self._by_word.setdefault(word, []).append(compiled)
        for stem in head.stems:
            self._by_stem.setdefault(stem, []).append(compiled)
        for stem, is_open in head.verbs:
            self._by_verb.append((stem, is_open, compiled))
        self._stem_lengths = tuple(sorted({len(stem) for stem in self._by_stem}))
        for element in compiled.elements:
            self.words |= element.words

    def parts(self) -> Iterator[tuple[Label, tuple[str, ...], float]]:
        """Each part of each phrase: the label, its words (stems end with "*"), and its share of the phrase.

        Verbs are given as stems of what follows their heads, which is not enough to find them by.
        """
        for phrase in self._phrases:
            for element in phrase.elements:
                words = (*element.words, *(f"{stem}*" for stem in element.stems))
                yield phrase.label, words, 1 / len(phrase.elements)

    def knows(self, word: str) -> bool:
        """Whether a phrase begins with this word, or it stands in one."""
        return word in self.words or any(word[:length] in self._by_stem for length in self._stem_lengths)

    def may_be_verb(self, word: str) -> bool:
        """Whether a word begins like a conjugated verb of this language, whatever its stem."""
        head = self._head
        return head is not None and head.needs_tense and word[-1] in "aeiu" and head.begins(word)

    def has_word(self, word: str) -> bool:
        """Whether a word is a whole phrase by itself."""
        phrases = list(self._by_word.get(word, ()))
        for length in self._stem_lengths:
            phrases += self._by_stem.get(word[:length], ()) if length <= len(word) else ()
        return any(len(phrase.elements) == 1 for phrase in phrases)

    def matches(self, tokens: tuple[Token, ...]) -> list[Match]:
        """Every phrase found, in order; within a section the longer phrase hides what lies inside it."""
        return outermost(self.all_matches(tokens))

    def all_matches(self, tokens: tuple[Token, ...]) -> list[Match]:
        """Every phrase found, those inside others too."""
        found: list[Match] = []
        for index, token in enumerate(tokens):
            for phrase, form in self._openings(token.word):
                match = self._finished(phrase, form, index, tokens)
                if match:
                    found.append(match)
        return found

    def _openings(self, word: str) -> Iterable[tuple[_Phrase, str]]:
        for phrase in self._by_word.get(word, ()):
            yield phrase, PLAIN
        for length in self._stem_lengths:
            if length > len(word):
                break
            for phrase in self._by_stem.get(word[:length], ()):
                yield phrase, PLAIN
        for stem, is_open, phrase in self._by_verb:
            if stem in word and (form := _verb_form(word, stem, is_open, self._head)):
                yield phrase, form

    def _finished(self, phrase: _Phrase, form: str, first: int, tokens: tuple[Token, ...]) -> Match | None:
        at = first
        for element in phrase.elements[1:]:
            reach = element.gap + 1
            for step in range(at + 1, min(at + reach + 1, len(tokens))):
                if tokens[step].clause != tokens[first].clause:
                    return None
                inner = element.form_of(tokens[step].word, self._head)
                if inner:
                    form = inner if inner != PLAIN else form
                    at = step
                    break
            else:
                return None
        span = Span(tokens[first].start, tokens[at].end)
        return Match(phrase.label, first, at, span, form, len(phrase.elements))


def outermost(found: list[Match]) -> list[Match]:
    """Matches in order, without what lies inside a longer phrase of the same name or the same plain list."""
    kept: list[Match] = []
    by_section: dict[str, list[Match]] = {}
    for match in sorted(found, key=lambda m: (m.first, -m.size, -m.last)):
        of_section = by_section.setdefault(match.label.section, [])
        if not any(_hides(other, match) for other in of_section[-_NEARBY:]):
            kept.append(match)
            of_section.append(match)
    return kept


def _hides(other: Match, match: Match) -> bool:
    """Whether another match of the same section, which begins no later, makes this one needless."""
    if match.last > other.last:
        return False
    if other.label == match.label:
        return True
    is_rival = other.label.name == match.label.name or not match.label.strength
    return is_rival and other.size > match.size
