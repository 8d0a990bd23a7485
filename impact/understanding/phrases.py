"""Finding the phrases of a lexicon among the words of a text, without trying each phrase at each word."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from impact.understanding.facts import Span
from impact.understanding.phrase_notation import (
    LONGEST_VERB,
    PLAIN,
    SHORTEST_STEM,
    Element,
    Label,
    Phrase,
    VerbHead,
    VerbParts,
    verb_form,
    written_phrases,
)
from impact.understanding.tokens import Token

_NEARBY = 8

T = TypeVar("T")


class Match(Struct, frozen=True, gc=False):
    """A phrase found: the first and the last token, its letters, and the form of its verb."""

    label: Label
    first: int
    last: int
    span: Span
    form: str
    size: int


class _StemTable(Generic[T]):
    """What belongs to each of many stems, found from any letter of a word on without trying them all."""

    def __init__(self) -> None:
        self._held: dict[str, T] = {}
        # By the first letters: how long the stems are that begin so, the shorter first.
        self._lengths: dict[str, tuple[int, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def setdefault(self, stem: str, new: T) -> T:
        start = stem[:SHORTEST_STEM]
        self._lengths[start] = tuple(sorted({len(stem), *self._lengths.get(start, ())}))
        return self._held.setdefault(stem, new)

    def found_in(self, word: str, starts: Iterable[int] = (0,)) -> list[T]:
        """What belongs to the stems that stand at these letters of a word, the shorter first."""
        found = []
        for at in starts:
            for length in self._lengths.get(word[at : at + SHORTEST_STEM], ()):
                held = self._held.get(word[at : at + length])
                if held is not None and at + length <= len(word):
                    found.append(held)
        return found


class Vocabulary:
    """Words and stems of words that mean something by themselves."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self._stems = _StemTable[bool]()

    def __contains__(self, word: str) -> bool:
        return word in self.words or bool(self._stems.found_in(word))

    def add(self, element: Element) -> None:
        """Take in what one word of a phrase may be, apart from verbs."""
        self.words |= element.words
        for stem in element.stems:
            self._stems.setdefault(stem, True)

    def add_all(self, other: "Vocabulary") -> None:
        """Take in what another vocabulary has."""
        self.words |= other.words
        for stem in other._stems:
            self._stems.setdefault(stem, True)


class _Opening:
    """The phrases that one word or stem begins: what it stands for alone, and longer ones by what follows."""

    def __init__(self) -> None:
        self.alone: list[Label] = []
        self.reach = 0
        # By the second word, and by the first letters of its stem: the widest gap before it, and the phrase.
        self._by_word: dict[str, list[tuple[int, int]]] = {}
        self._by_start: dict[str, list[tuple[int, int]]] = {}
        self._by_verb: list[int] = []

    def add(self, phrase: Phrase, number: int) -> None:
        if len(phrase.elements) == 1:
            self.alone.append(phrase.label)
            return
        second = phrase.elements[1]
        self.reach = max(self.reach, second.gap + 1)
        for word in second.words:
            self._by_word.setdefault(word, []).append((second.gap, number))
        for start in {stem[:SHORTEST_STEM] for stem in second.stems}:
            self._by_start.setdefault(start, []).append((second.gap, number))
        if second.verbs:
            self._by_verb.append(number)

    def likely(self, following: Sequence[str]) -> Iterable[int]:
        """The numbers of the longer phrases that may go on with these words, in order; no other does."""
        found = self._by_verb.copy()
        by_word, by_start = self._by_word, self._by_start
        if not by_word.keys().isdisjoint(following):
            for between, word in enumerate(following):
                if word in by_word:
                    found += [number for gap, number in by_word[word] if gap >= between]
        if by_start:
            for between, word in enumerate(following):
                if (start := word[:SHORTEST_STEM]) in by_start:
                    found += [number for gap, number in by_start[start] if gap >= between]
        return sorted(set(found)) if found else ()


class PhraseBook:
    """Many phrases of one language, found in one pass over the words of a text."""

    def __init__(self, verbs: VerbParts | None = None) -> None:
        self._head = VerbHead(verbs.compiled(), verbs.needs_tense) if verbs else None
        self._phrases: list[Phrase] = []
        self._by_word: dict[str, _Opening] = {}
        self._by_stem = _StemTable[_Opening]()
        # By word of the lexicon, never by word of a text: what it opens, its stems too.
        self._opened: dict[str, list[_Opening]] = {}
        # Stems of verbs with whether more may follow and the phrase, and by stem their places in this list.
        self._verbs: list[tuple[str, bool, Phrase]] = []
        self._by_verb = _StemTable[list[int]]()
        self.words: set[str] = set()
        # What is a whole phrase by itself.
        self.whole = Vocabulary()

    def add_phrase(self, label: Label, phrase: str) -> None:
        """Add one phrase. Raises PhraseError when it is not written as `phrase_notation` says."""
        for written in written_phrases(label, phrase):
            self._add(written)

    def _add(self, phrase: Phrase) -> None:
        number = len(self._phrases)
        self._phrases.append(phrase)
        self._opened.clear()
        head = phrase.elements[0]
        for word in head.words:
            self._by_word.setdefault(word, _Opening()).add(phrase, number)
        for stem in head.stems:
            self._by_stem.setdefault(stem, _Opening()).add(phrase, number)
        for stem, is_open in head.verbs:
            self._by_verb.setdefault(stem, []).append(len(self._verbs))
            self._verbs.append((stem, is_open, phrase))
        for element in phrase.elements:
            self.words |= element.words
        if len(phrase.elements) == 1:
            self.whole.add(head)

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
        return word in self.words or bool(self._by_stem.found_in(word))

    def may_be_verb(self, word: str) -> bool:
        """Whether a word begins like a conjugated verb of this language, whatever its stem."""
        head = self._head
        return head is not None and head.needs_tense and word[-1] in "aeiu" and head.begins(word)

    def is_future(self, word: str) -> bool:
        """Whether a word begins like a verb in the future of this language, whatever its stem."""
        return self._head is not None and len(word) <= LONGEST_VERB and self._head.begins_future(word)

    def has_word(self, word: str) -> bool:
        """Whether a word is a whole phrase by itself."""
        return word in self.whole

    def matches(self, tokens: tuple[Token, ...]) -> list[Match]:
        """Every phrase found, in order; within a section the longer phrase hides what lies inside it."""
        found = self.all_matches(tokens)
        if not found:
            return []
        kept = (match for of_section in outermost(found).values() for match in of_section)
        return sorted(kept, key=lambda match: match.first)

    def all_matches(self, tokens: tuple[Token, ...]) -> list[Match]:
        """Every phrase found, those inside others too."""
        found: list[Match] = []
        words = [token.word for token in tokens]
        if not self._by_stem and not self._head and self._by_word.keys().isdisjoint(words):
            return found
        for first, word in enumerate(words):
            for opening in self._openings(word):
                if opening.alone:
                    span = Span(tokens[first].start, tokens[first].end)
                    found += [Match(label, first, first, span, PLAIN, 1) for label in opening.alone]
                if opening.reach:
                    for number in opening.likely(words[first + 1 : first + 1 + opening.reach]):
                        self._finish(self._phrases[number], PLAIN, first, tokens, found)
            if self._head and len(word) <= LONGEST_VERB:
                for phrase, form in self._verb_openings(word, self._head):
                    self._finish(phrase, form, first, tokens, found)
        return found

    def _openings(self, word: str) -> list[_Opening]:
        openings = self._opened.get(word)
        if openings is not None:
            return openings
        by_word = self._by_word.get(word)
        if by_word is None:
            return self._by_stem.found_in(word)
        openings = self._opened[word] = [by_word, *self._by_stem.found_in(word)]
        return openings

    def _verb_openings(self, word: str, head: VerbHead) -> Iterator[tuple[Phrase, str]]:
        if not head.pattern.match(word):
            return
        held = self._by_verb.found_in(word, range(1, len(word)))
        for place in sorted({place for places in held for place in places}):
            stem, is_open, phrase = self._verbs[place]
            form = verb_form(word, stem, is_open, head)
            if form:
                yield phrase, form

    def _finish(
        self, phrase: Phrase, form: str, first: int, tokens: tuple[Token, ...], found: list[Match]
    ) -> None:
        """Add a phrase to what was found where the rest of it follows its first word."""
        at = first
        clause = tokens[first].clause
        for element in phrase.elements[1:]:
            for step in range(at + 1, min(at + element.gap + 2, len(tokens))):
                if tokens[step].clause != clause:
                    return
                inner = element.form_of(tokens[step].word, self._head)
                if inner:
                    form = inner if inner != PLAIN else form
                    at = step
                    break
            else:
                return
        span = Span(tokens[first].start, tokens[at].end)
        found.append(Match(phrase.label, first, at, span, form, len(phrase.elements)))


def outermost(found: Iterable[Match]) -> dict[str, list[Match]]:
    """Matches by section, in order, without those inside a longer one of the same name or plain list."""
    kept: dict[str, list[Match]] = {}
    for match in sorted(found, key=lambda m: (m.first, -m.size, -m.last)):
        of_section = kept.setdefault(match.label.section, [])
        for other in of_section[-_NEARBY:]:
            if other.last >= match.last and _hides(other, match):
                break
        else:
            of_section.append(match)
    return kept


def _hides(other: Match, match: Match) -> bool:
    """Whether another match of the same section, which begins no later and ends no earlier, hides it."""
    if other.label == match.label:
        return True
    is_rival = other.label.name == match.label.name or not match.label.strength
    return is_rival and other.size > match.size
