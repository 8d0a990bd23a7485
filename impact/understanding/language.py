"""Which language a text is in: by the words that it shares with each lexicon, and the sender's country."""

import re
from dataclasses import dataclass

from impact.understanding.lexicon import LANGUAGES, Lexicon, countries, foreign_words, lexicons
from impact.understanding.tokens import Token

UNKNOWN_LANGUAGE = "und"
# A Swahili verb shows itself: subject, tense, stem.
_SWAHILI_VERB = re.compile(r"(?:ha)?(?:ni|u|a|tu|m|wa|i|zi|li|ya|ki|vi)(?:na|li|me|ta|ja|ku)[a-z]{3,}[aeiu]")
_COMMON_WEIGHT, _PHRASE_WEIGHT, _VERB_WEIGHT = 1.0, 0.7, 0.8
_SENDER_BONUS = 0.6
_ASKED_BONUS = 0.8
# A text this long says by itself what it is not; a shorter one leans on the sender's country.
_LONG_ENOUGH = 4
_LEAST_COVER = 0.22
_READ_ALONGSIDE = 0.4


@dataclass(frozen=True, slots=True)
class LanguageFound:
    """The language, how sure, and the lexicons to read with: more than one where languages are mixed."""

    language: str
    confidence: float
    read_with: tuple[Lexicon, ...]

    @property
    def is_foreign(self) -> bool:
        return self.language not in LANGUAGES


def find_language(tokens: tuple[Token, ...], sender_country: str, asked_language: str) -> LanguageFound:
    """The language of a text; "und" when it is long enough to tell and in none that is known."""
    words = [token.word for token in tokens if token.word[0].isalpha()]
    books = lexicons()
    spoken = countries().languages.get(sender_country, ())
    scores = dict.fromkeys(LANGUAGES, 0.0)
    covers = dict(scores)
    foreign = dict.fromkeys(foreign_words(), 0.0)
    for word in words:
        _weigh(word, books, scores, covers)
        for language, listed in foreign_words().items():
            foreign[language] += word in listed
    for place, language in enumerate(spoken):
        scores[language] += _SENDER_BONUS / (place + 1)
    if asked_language in scores:
        scores[asked_language] += _ASKED_BONUS
    ranked = sorted(LANGUAGES, key=lambda language: (-scores[language], LANGUAGES.index(language)))
    best, second = ranked[0], ranked[1]
    stranger = max(foreign, key=lambda language: foreign[language])
    if foreign[stranger] > max(covers[best] * 1.1, 1.5):
        return LanguageFound(stranger, round(min(0.95, foreign[stranger] / len(words) + 0.3), 2), ())
    if len(words) >= _LONG_ENOUGH and covers[best] / len(words) < _LEAST_COVER and not asked_language:
        return LanguageFound(UNKNOWN_LANGUAGE, 0.5, _alongside(ranked, covers, books))
    if scores[best] == 0:
        return LanguageFound(UNKNOWN_LANGUAGE, 0.0, tuple(books.values()))
    margin = (scores[best] - scores[second]) / scores[best]
    evidence = min(1.0, (covers[best] + 0.5) / 4)
    return LanguageFound(best, round(0.3 + 0.68 * margin * evidence, 2), _alongside(ranked, covers, books))


def _weigh(word: str, books: dict[str, Lexicon], scores: dict[str, float], covers: dict[str, float]) -> None:
    weights = {}
    for language, lexicon in books.items():
        if word in lexicon.common or word in lexicon.numbers:
            weights[language] = _COMMON_WEIGHT
        elif lexicon.phrases.knows(word):
            weights[language] = _PHRASE_WEIGHT
    if not weights and len(word) > 6 and _SWAHILI_VERB.fullmatch(word):
        weights["sw"] = _VERB_WEIGHT
    for language, weight in weights.items():
        scores[language] += weight / len(weights)
        covers[language] += weight


def _alongside(ranked: list[str], covers: dict[str, float], books: dict[str, Lexicon]) -> tuple[Lexicon, ...]:
    """The best language, and others that explain a good part of the words: people mix languages."""
    best = ranked[0]
    return tuple(
        books[language]
        for language in ranked
        if language == best or covers[language] >= max(1.0, covers[best] * _READ_ALONGSIDE)
    )
