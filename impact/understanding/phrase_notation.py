"""How a phrase is written, for whoever corrects a lexicon.

soldier        this word; capitals and accents make no difference
kill*          any word that begins so
-pig*          a verb of a language that puts subject, tense and object before the stem (part `verbs`)
beat|beaten    either
took_over|seized   an alternative of several words
burn* ~ house*     up to three other words may stand between, with no comma or full stop among them
boys ~~ dig*       up to six
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct

from impact.places.names import fold_letters

SHORTEST_STEM = 2
_GAPS = {"~": 3, "~~": 6}
LONGEST_VERB = 40
_WORDS = re.compile(r"[^\W\d_]+|\d+|@")
_PATTERN_WORD = re.compile(r"-?(?:[^\W_]+|@)\*?")

PLAIN, NEGATIVE, FUTURE = "plain", "negative", "future"


class PhraseError(ValueError):
    """A phrase that is not written as the module says."""


class Label(Struct, frozen=True, gc=False):
    """What a phrase stands for: "harms"/"killing"/"sure", "dates"/"today"/""."""

    section: str
    name: str
    strength: str = ""


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

    def begins_future(self, word: str) -> bool:
        """Whether a word begins with a subject and a future, and at least two letters follow."""
        head = self.pattern.match(word, 0, len(word) - 2)
        return head is not None and head["future"] is not None


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a phrase: the words, stems and stems of verbs that it may be, and the gap before it."""

    words: frozenset[str]
    stems: tuple[str, ...]
    verbs: tuple[tuple[str, bool], ...]
    gap: int

    def form_of(self, word: str, head: VerbHead | None) -> str | None:
        if word in self.words or (self.stems and word.startswith(self.stems)):
            return PLAIN
        for stem, is_open in self.verbs:
            if stem in word and (form := verb_form(word, stem, is_open, head)):
                return form
        return None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase ready to be found."""

    label: Label
    elements: tuple[Element, ...]


def verb_form(word: str, stem: str, is_open: bool, head: VerbHead | None) -> str | None:
    """The form in which a word is a verb of this stem, or None; more may follow a stem that is open."""
    at = word.find(stem, 1) if head and len(word) <= LONGEST_VERB else -1
    while head and at > 0:
        if is_open or at + len(stem) == len(word):
            form = head.form_of(word, at)
            if form:
                return form
        at = word.find(stem, at + 1)
    return None


def written_phrases(label: Label, phrase: str) -> Iterator[Phrase]:
    """What a phrase as written stands for: more than one where an alternative has several words.

    Raises PhraseError when it is not written as this module says.
    """
    for parts in _written_out(phrase):
        yield _compiled(label, phrase, parts)


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


def _compiled(label: Label, phrase: str, parts: list[str]) -> Phrase:
    elements: list[Element] = []
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
    return Phrase(label, tuple(elements))


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


def _element(words: list[str], gap: int, phrase: str) -> Element:
    exact, stems, verbs = [], [], []
    for word in words:
        bare = word.strip("-*")
        if word.endswith("*") and len(bare) < SHORTEST_STEM:
            raise PhraseError(f"{phrase!r}: {word!r} is too short for a stem")
        if word.startswith("-"):
            verbs.append((bare, word.endswith("*")))
        elif word.endswith("*"):
            stems.append(bare)
        else:
            exact.append(bare)
    return Element(frozenset(exact), tuple(stems), tuple(verbs), gap)
