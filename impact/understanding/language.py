"""Which language a text is in: the words it shares with each lexicon, a detector of letters, the country."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from impact.understanding.letters import LetterModel
from impact.understanding.lexicon import (
    READ_IN_FULL,
    Lexicon,
    countries,
    foreign_languages,
    foreign_words,
    languages,
    lexicons,
)
from impact.understanding.tokens import Token

UNKNOWN_LANGUAGE = "und"
# What the detector is asked to tell apart: the languages that are read, as far as it has them (it has no
# Sango, and Nigerian Pidgin stands in for Krio), and those that are most often taken for them.
_STAND_INS = {"pcm": "kri"}
_NEIGHBOURS = tuple("es ht it de nl af zu xh st nso rw lg so mg ha yo ig".split())
_COMMON_WEIGHT, _PHRASE_WEIGHT, _VERB_WEIGHT = 1.0, 0.7, 0.8
_DETECTOR_WEIGHT, _DETECTOR_WORDS = 2.0, 5
_SENDER_BONUS = 0.6
_ASKED_BONUS = 0.8
# A text this long says by itself what it is not; a shorter one leans on the sender's country.
_LONG_ENOUGH = 4
_LEAST_COVER = 0.22
_FOREIGN_COVER, _FOREIGN_SURE = 0.45, 0.9
_READ_ALONGSIDE, _READ_FROM_AFAR = 0.4, 0.7
_MIXED_EVERYWHERE = "en"
# Words of a language read for its main words alone are often everyday words of another: more are asked.
_LEAST_ALONGSIDE = {True: 1.0, False: 2.4}
_MOST_WORDS = 80


@dataclass(frozen=True, slots=True)
class LanguageFound:
    """The language, how sure, and the lexicons to read with: more than one where languages are mixed."""

    language: str
    confidence: float
    read_with: tuple[Lexicon, ...]

    @property
    def is_foreign(self) -> bool:
        return self.language not in languages()


def find_language(tokens: tuple[Token, ...], sender_country: str, asked_language: str) -> LanguageFound:
    """The language of a text; "und" when it is long enough to tell and in none that is known."""
    words = [token.word for token in tokens if token.word[0].isalpha()][:_MOST_WORDS]
    books = lexicons()
    spoken = countries().languages.get(sender_country, ())
    covers = dict.fromkeys(languages(), 0.0)
    scores = dict(covers)
    foreign: dict[str, int] = {}
    foreigners = foreign_words()
    for word in words:
        for language, weight, share in _weights_of(word):
            scores[language] += share
            covers[language] += weight
        for language in foreigners.get(word, ()):
            foreign[language] = foreign.get(language, 0) + 1
    detected = _detected(words)
    share = _DETECTOR_WEIGHT * min(1.0, len(words) / _DETECTOR_WORDS)
    for language in languages():
        scores[language] += share * detected.get(language, 0.0)
    for place, language in enumerate(spoken):
        scores[language] += _SENDER_BONUS / (place + 1)
    if asked_language in scores:
        scores[asked_language] += _ASKED_BONUS
    ranked = sorted(languages(), key=scores.__getitem__, reverse=True)
    best, second = ranked[0], ranked[1]
    if foreign:
        stranger = max(foreign_languages(), key=lambda language: foreign.get(language, 0))
        if foreign[stranger] > max(covers[best] * 1.1, 1.5):
            return LanguageFound(stranger, round(min(0.95, foreign[stranger] / len(words) + 0.3), 2), ())
    if len(words) >= _LONG_ENOUGH and not asked_language:
        cover = covers[best] / len(words)
        if cover < _FOREIGN_COVER:
            stranger = max(_neighbours(), key=lambda language: detected.get(language, 0.0))
            if detected.get(stranger, 0.0) > _FOREIGN_SURE:
                read_with = _alongside(ranked, covers, spoken)
                return LanguageFound(stranger, round(detected[stranger], 2), read_with)
        if cover < _LEAST_COVER:
            return LanguageFound(UNKNOWN_LANGUAGE, 0.5, _alongside(ranked, covers, spoken))
    if scores[best] == 0:
        return LanguageFound(UNKNOWN_LANGUAGE, 0.0, tuple(books.values()))
    margin = (scores[best] - scores[second]) / scores[best]
    evidence = min(1.0, (covers[best] + 0.5) / 4)
    return LanguageFound(best, round(0.3 + 0.68 * margin * evidence, 2), _alongside(ranked, covers, spoken))


@lru_cache(maxsize=50_000)
def _weights_of(word: str) -> tuple[tuple[str, float, float], ...]:
    """How much a word speaks for each language that knows it, and that shared among them."""
    weights = []
    for language, lexicon in lexicons().items():
        if word in lexicon.common or word in lexicon.numbers or word in lexicon.spellings:
            weights.append((language, _COMMON_WEIGHT))
        elif lexicon.phrases.knows(word):
            weights.append((language, _PHRASE_WEIGHT))
    if not weights and len(word) > 6:
        weights = [
            (language, _VERB_WEIGHT)
            for language, lexicon in lexicons().items()
            if lexicon.phrases.may_be_verb(word)
        ]
    return tuple((language, weight, weight / len(weights)) for language, weight in weights)


@cache
def _detector() -> LetterModel:
    return LetterModel.of_languages([*languages(), *_STAND_INS, *_neighbours()])


@cache
def _neighbours() -> tuple[str, ...]:
    return tuple(language for language in _NEIGHBOURS if language not in languages())


def _detected(words: list[str]) -> dict[str, float]:
    """How likely each language is by its letters alone, the detector's codes turned into ours."""
    if not words:
        return {}
    shares = _detector().shares(" ".join(words))
    for code, language in _STAND_INS.items():
        shares[language] = shares.pop(code)
    return shares


def _alongside(ranked: list[str], covers: dict[str, float], spoken: Sequence[str]) -> tuple[Lexicon, ...]:
    """The best language, those it borrows from, and others that explain a good part of the words.

    What is not spoken in the sender's country, where that is known, has to explain more of them, and is left
    out where it is read for its main words alone.
    """
    books, best = lexicons(), ranked[0]
    kept = []
    for language in ranked:
        is_here = not spoken or language in spoken or language == _MIXED_EVERYWHERE
        is_full = language in READ_IN_FULL
        share = _READ_ALONGSIDE if is_here else _READ_FROM_AFAR
        # "Hier", alone: words that the best language lacks are of another.
        is_needed = is_here or covers[language] > covers[best]
        enough = max(_LEAST_ALONGSIDE[is_full and is_needed], covers[best] * share)
        is_borrowed = language == best or language in books[best].reads_with
        if is_borrowed or (covers[language] >= enough and (is_full or is_here)):
            kept.append(books[language])
    return tuple(kept)
