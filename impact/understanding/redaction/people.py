"""Names of people: beside titles and relations, where somebody is introduced, and names written large."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from impact.understanding.facts import Span
from impact.understanding.lexicon import READ_IN_FULL, lexicons
from impact.understanding.redaction.findings import Kind
from impact.understanding.redaction.plain import folded_letters
from impact.understanding.redaction.vocabulary import NameWords, name_words

# Bantu and Shona prefixes are written together with the name that follows: "waTapiwa", "VaChigumba".
_WORD = re.compile(
    r"(?:[KkMm]u|[Pp]a|[KkWwVvYy]a|[Nn]e|[Cc]ha|[Nn]di)(?=[A-ZÀ-Þ])|\bwa(?=mu)|[^\W\d_]+(?:-[^\W\d_]+)*|\d+"
)
_MOST_NAMES, _SHORTEST_SMALL = 5, 3
_PARTICLES = {"de", "da", "do", "dos", "bin", "van", "el", "al", "ya"}
_JOINED = re.compile(r"[ ']{0,2}|\. ?")
_ENDS = re.compile(r"[.!?;:\n]")

Found = tuple[Span, Kind, str]


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    word: str
    start: int
    end: int
    starts_sentence: bool
    gap: str

    @property
    def is_large(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_figure(self) -> bool:
        return self.text.isdecimal()


class PeopleFinder:
    """One text, looked through for people. `is_place` tells whether a written name is a place's."""

    def __init__(self, text: str) -> None:
        self.words = _words_of(text)
        self.beside: NameWords = name_words()
        self.everyday = _everyday()
        letters = [letter for letter in text if letter.isalpha()]
        self.shows_case = sum(map(str.islower, letters)) * 3 > len(letters)

    def found(self) -> Iterator[Found]:
        """Everything, relations before titles before names alone; they may overlap."""
        for index in range(len(self.words)):
            yield from self._relation(index)
        for index in range(len(self.words)):
            yield from self._titled(index)
            yield from self._introduced(index)
        if self.shows_case:
            yield from self._large_names()

    def _titled(self, index: int) -> Iterator[Found]:
        here = self.words[index]
        if here.word not in self.beside.titles and here.word not in self.beside.relations:
            return
        if len(here.word) <= 2 and not here.is_large and here.word not in {"mr", "dr", "sr", "lt", "bw"}:
            return
        first = self._past_office(self._past_possessives(index + 1))
        last = self._name_from(first, may_be_small=here.word in self.beside.strong and first == index + 1)
        if last >= 0:
            yield self._between(index, last), Kind.NAME, "beside_title"

    def _introduced(self, index: int) -> Iterator[Found]:
        for size in (5, 4, 3, 2, 1):
            said = tuple(word.word for word in self.words[index : index + size])
            if len(said) == size and said in self.beside.introducers:
                last = self._name_from(index + size)
                if last >= 0:
                    yield self._between(index + size, last), Kind.NAME, "introduced"
                return

    def _relation(self, index: int) -> Iterator[Found]:
        words, beside = self.words, self.beside
        if words[index].word not in beside.relations:
            return
        last = self._name_before_possessive(index)
        if last >= 0:
            yield self._between(last, index), Kind.RELATION, "relation"
        position = index + 1
        link = ""
        while position < len(words) and self._follows(position) and position - index <= 3:
            word = words[position].word
            if word in beside.links:
                link = link if link in beside.definite else word
            elif word in beside.articles and link:
                link = "du"
            else:
                break
            position += 1
        if not link or position >= len(words) or not self._follows(position):
            return
        end = self._target(position, is_definite=link in beside.definite)
        if end >= 0:
            yield self._between(index, end), Kind.RELATION, "relation"

    def _target(self, first: int, *, is_definite: bool) -> int:
        """The last word of whom a relation is to: a titled name, a name, or the one that an article means."""
        words, beside = self.words, self.beside
        here = words[first]
        if here.word in beside.not_after or here.is_figure:
            return -1
        if here.word in beside.titles and not here.is_large:
            last = self._name_from(self._past_office(first + 1), may_be_small=here.word in beside.strong)
            if last >= 0:
                return last
        last = self._name_from(first)
        if last >= 0 or not is_definite:
            return last
        last = first
        while last + 1 < len(words) and self._follows(last + 1) and last - first < 2:
            if (
                words[last].word not in beside.also_belongs
                and words[last + 1].word not in beside.also_belongs
            ):
                break
            last += 1
        return last

    def _name_before_possessive(self, index: int) -> int:
        """ "Aminata Jalloh's husband", "Sorie Koroma in broda": the first word of the name, or -1."""
        words = self.words
        if index < 2:
            return -1
        is_english = words[index - 1].word == "s" and words[index - 1].gap in {"'", "’"}
        if not (is_english or words[index - 1].word == "in"):
            return -1
        first = index - 1
        while first > 0 and words[first - 1].is_large and (first == index - 1 or words[first].gap == " "):
            first -= 1
        return first if first < index - 1 else -1

    def _past_possessives(self, index: int) -> int:
        words = self.words
        while index < len(words) and self._follows(index) and words[index].word in self.beside.possessives:
            index += 1
        return index

    def _past_office(self, index: int) -> int:
        """Past "de groupement", "of the village" and the like; where it was, when none stands there."""
        words, position = self.words, index
        while position < len(words) and self._follows(position) and position - index < 4:
            word = words[position].word
            if words[position].is_large or not (
                word in self.beside.offices or word in self.beside.links or word in self.beside.articles
            ):
                break
            position += 1
        return position if position > index and words[position - 1].word in self.beside.offices else index

    def _name_from(self, first: int, *, may_be_small: bool = False) -> int:
        """The last word of the name that begins here, or -1 where none does."""
        words = self.words
        if first >= len(words) or (first and not _JOINED.fullmatch(words[first].gap)):
            return -1
        if not words[first].is_large or words[first].is_figure:
            here = words[first]
            is_small_name = (
                may_be_small
                and here.text.isalpha()
                and len(here.word) >= _SHORTEST_SMALL
                and here.word not in self.everyday
                and here.word not in self.beside.offices | self.beside.titles | self.beside.relations
            )
            return first if is_small_name else -1
        return self._run_from(first)

    def _run_from(self, first: int) -> int:
        words, last = self.words, first
        while last + 1 < len(words) and last - first < _MOST_NAMES and self._continues(last + 1):
            last += 1
        return last

    def _continues(self, index: int) -> bool:
        words = self.words
        here = words[index]
        if here.starts_sentence and not _is_initial(words[index - 1]):
            return False
        if not _JOINED.fullmatch(here.gap):
            return False
        if here.is_large:
            return self.shows_case or here.word not in self.everyday
        return here.word in _PARTICLES and index + 1 < len(words) and words[index + 1].is_large

    def _large_names(self) -> Iterator[Found]:
        index = 0
        while index < len(self.words):
            if not self.words[index].is_large:
                index += 1
                continue
            last = self._run_from(index)
            yield from self._large_name(index, last)
            index = last + 1

    def _large_name(self, first: int, last: int) -> Iterator[Found]:
        words = self.words
        # "Yesterday Ibrahim Fofanah": the word that begins a sentence is written large whatever it is.
        while first <= last and self._is_no_name(
            first, is_everyday=first == last or words[first].starts_sentence
        ):
            first += 1
        while (
            last > first and self._is_no_name(last, is_everyday=False) and not self._is_surname(first, last)
        ):
            last -= 1
        if first > last:
            return
        here = words[first]
        if first == last and (
            here.starts_sentence
            or len(here.word) < _SHORTEST_SMALL
            or self._is_no_name(first, is_everyday=True)
        ):
            return
        yield self._between(first, last), Kind.NAME, "written_large"

    def _is_surname(self, first: int, last: int) -> bool:
        """ "Jean MUKADI": whoever writes French writes surnames in capitals."""
        here = self.words[last]
        is_known = here.word in self.beside.large or here.word in self.everyday or _has_meaning(here.word)
        return (
            not is_known
            and self.words[last - 1].text.istitle()
            and not self._is_no_name(last - 1, is_everyday=True)
        )

    def _is_no_name(self, index: int, *, is_everyday: bool) -> bool:
        here = self.words[index]
        is_short_form = here.text.isupper() and len(here.text) <= 6
        means_something = is_everyday and (here.word in self.everyday or _has_meaning(here.word))
        return is_short_form or means_something or here.word in self.beside.large

    def _follows(self, index: int) -> bool:
        return not self.words[index].starts_sentence and "," not in self.words[index].gap

    def _between(self, first: int, last: int) -> Span:
        return Span(self.words[first].start, self.words[last].end)


def _everyday() -> frozenset[str]:
    """Words that the lexicons have as everyday ones, numbers, days or months."""
    words: set[str] = set()
    for lexicon in lexicons().values():
        words |= lexicon.common | set(lexicon.numbers)
    beside = name_words()
    return frozenset(words | beside.links | beside.articles | beside.possessives | beside.titles)


def _has_meaning(word: str) -> bool:
    """Whether a lexicon has the word by itself: a day, a month, soldiers, a company."""
    return any(lexicons()[code].phrases.has_word(word) for code in READ_IN_FULL)


def _is_initial(word: Word) -> bool:
    """ "M. Kabongo", "Dr. Conteh", "J. K. Mwila": a full stop that ends no sentence."""
    return word.word in name_words().titles or len(word.text) == 1


def _words_of(text: str) -> list[Word]:
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        starts = not words or bool(_ENDS.search(gap))
        if starts and words and gap.startswith(".") and "\n" not in gap and _is_initial(words[-1]):
            starts = False
        folded = folded_letters(match.group())
        words.append(Word(match.group(), folded, match.start(), match.end(), starts, gap))
        end = match.end()
    return words
