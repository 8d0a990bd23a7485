"""Where a text names something that the gazetteer knows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from impact.places.gazetteer import Gazetteer, NameMatch
from impact.understanding.lexicon import everyday_words
from impact.understanding.place_cues import (
    AT,
    AWAY,
    KEPT,
    LONGEST_NAME,
    MINE_OF,
    NONE,
    STRONG_CUES,
    TITLE,
    cues_of,
)
from impact.understanding.scanning import MarkedText

_SHORT_NAME = 4
_LONG_NAME = 6
_KNOWN_TOWN = 20_000
_MOST_LOOKUPS, _MOST_MEANINGS = 20, 12
_NOUN_ARTICLES = {"the", "le", "les", "la", "os", "as"}
_STREETS = {"street", "st", "avenue", "ave", "rue", "boulevard", "road", "rua", "avenida", "barabara"}
_JOINTS = {" ", "-", "'", "’", ". "}


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found at some tokens (both ends included), the cue before it, and what it may mean."""

    first: int
    last: int
    cue: str
    is_capital: bool
    is_exact: bool
    matches: tuple[NameMatch, ...]


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every name of one text is judged by; `tried` holds the misspellings looked up so far."""

    marked: MarkedText
    gazetteer: Gazetteer
    home_countries: frozenset[str]
    cues: dict[int, str]
    known: set[int]
    shows_case: bool
    words: list[str]
    tried: dict[str, list[NameMatch]]


def find_mentions(
    marked: MarkedText,
    gazetteer: Gazetteer,
    home_countries: frozenset[str],
    *,
    is_foreign: bool,
    is_coded: bool = False,
) -> list[Mention]:
    """The names in a text, longest first, left to right.

    `home_countries` are the sender's and those that the text names. Everyday words, people's names and
    words that the lexicons know are not places, unless they are written and introduced as one. In a coded
    message (`is_coded`) the beginning of each field introduces a name.
    """
    cues = cues_of(marked)
    if is_coded:
        cues = {**dict.fromkeys(_field_starts(marked), AT), **cues}
    known = known_tokens(marked)
    words = [token.word for token in marked.tokens]
    for index, name in _prefixed_names(marked, gazetteer, home_countries, known):
        words[index] = name
        cues.setdefault(index, AT)
    scene = _Scene(
        marked=marked,
        gazetteer=gazetteer,
        home_countries=home_countries,
        cues=cues,
        known=known,
        shows_case=any(token.text.islower() for token in marked.tokens),
        words=words,
        tried={},
    )
    found: list[Mention] = []
    index = 0
    while index < len(marked.tokens):
        mention = _longest_mention(scene, index)
        if mention is None and not is_foreign and (index in cues or marked.tokens[index].is_capital):
            mention = _similar_mention(scene, index)
        if mention:
            found.append(replace(mention, cue=KEPT) if _is_kept_at(mention, marked) else mention)
            index = mention.last
        index += 1
    return found


def _prefixed_names(
    marked: MarkedText, gazetteer: Gazetteer, home_countries: frozenset[str], known: set[int]
) -> Iterator[tuple[int, str]]:
    """Names at home that small or all capital letters hide behind a prefix: "kumarange", "KUCHIADZWA"."""
    prefixes = marked.lexicons[0].name_prefixes if marked.lexicons else ()
    if not prefixes:
        return
    for index, token in enumerate(marked.tokens):
        if index in known or len(token.word) < _LONG_NAME or marked.is_common(token.word):
            continue
        for prefix in prefixes:
            name = token.word.removeprefix(prefix)
            if name == token.word or len(name) < _SHORT_NAME:
                continue
            if any(match.place.country in home_countries for match in gazetteer.exact_matches(name)):
                yield index, name
                break


def _is_kept_at(mention: Mention, marked: MarkedText) -> bool:
    """Whether people are brought there, not harmed: "now in Mutare hospital", "Kenema police station"."""
    return any(match.first == mention.last + 1 for match in marked.marks("places", "kept"))


def _furthest(marked: MarkedText, first: int) -> int:
    """The last word that a name beginning at `first` may reach; none for figures and "@"."""
    text, tokens = marked.text, marked.tokens
    if tokens[first].text == "@" or tokens[first].text.isdecimal():
        return first - 1
    last, longest = first, min(len(tokens), first + LONGEST_NAME) - 1
    while last < longest and text[tokens[last].end : tokens[last + 1].start] in _JOINTS:
        last += 1
    return last


def _longest_mention(scene: _Scene, first: int) -> Mention | None:
    """The longest name that begins here as the gazetteer has it, and that is meant as a name."""
    if scene.gazetteer.begins_none(scene.words[first]):
        return None
    for count in scene.gazetteer.names_begun(scene.words[first : _furthest(scene.marked, first) + 1]):
        mention = _exact_mention(scene, first, first + count - 1)
        if mention:
            return mention
    return None


def _field_starts(marked: MarkedText) -> Iterator[int]:
    for index, token in enumerate(marked.tokens):
        if not index or marked.tokens[index - 1].sentence != token.sentence:
            yield index


def known_tokens(marked: MarkedText) -> set[int]:
    """Tokens that mean something else: harms, actors, days, counted people."""
    sections = ("harms", "perpetrators", "dates", "weekdays", "months", "counting", "relevance", "people")
    known = set[int]()
    for section in sections:
        is_whole = section in {"weekdays", "months", "perpetrators"}
        for match in marked.by_section.get(section, ()):
            if match.size == 1:
                known.add(match.first)
            elif is_whole:
                known.update(range(match.first, match.last + 1))
    return known


def _exact_mention(scene: _Scene, first: int, last: int) -> Mention | None:
    key = "".join(scene.words[first : last + 1])
    if len(key) < 2:
        return None
    cue = scene.cues.get(first, NONE)
    is_capital = scene.shows_case and scene.marked.tokens[first].is_capital
    if cue == TITLE or _is_street(scene.marked, last) or (not is_capital and _follows_article(scene, first)):
        return None
    is_introduced = cue in STRONG_CUES
    are_everyday = _are_everyday(scene, first, last)
    matches = _meanings(scene, key)
    is_home = any(match.place.country in scene.home_countries for match in matches)
    # A town at home may be called like a word of a language that is not spoken here.
    may_be_name = is_introduced or last > first or (is_home and not _are_spoken(scene, first, last))
    if are_everyday and not (is_capital and may_be_name):
        return None
    if not matches or (are_everyday and not is_home):
        return None
    if len(key) <= _SHORT_NAME and not (is_introduced or (is_capital and is_home)):
        return None
    if not is_capital and not is_introduced and not (is_home and len(key) > _SHORT_NAME):
        return None
    return Mention(first, last, cue, is_capital, True, tuple(matches))


def _are_everyday(scene: _Scene, first: int, last: int) -> bool:
    return all(
        index in scene.known or is_everyday(scene.words[index], scene.marked)
        for index in range(first, last + 1)
    )


def _are_spoken(scene: _Scene, first: int, last: int) -> bool:
    """Whether the languages that the text is read with have the words for something else."""
    return all(
        index in scene.known or any(book.has_everyday(scene.words[index]) for book in scene.marked.lexicons)
        for index in range(first, last + 1)
    )


def _meanings(scene: _Scene, key: str) -> list[NameMatch]:
    """What a name may mean; a meaning that was taught counts only in its country."""
    return [
        match
        for match in scene.gazetteer.exact_matches(key)
        if not match.only_in or match.only_in in scene.home_countries
    ]


def _follows_article(scene: _Scene, first: int) -> bool:
    """ "in the same region", "dans le site": a small letter after an article begins a noun."""
    return scene.shows_case and first > 0 and scene.marked.tokens[first - 1].word in _NOUN_ARTICLES


def _similar_mention(scene: _Scene, first: int) -> Mention | None:
    tokens, cue = scene.marked.tokens, scene.cues.get(first, NONE)
    is_capital = scene.shows_case and tokens[first].is_capital
    if not is_capital and cue not in STRONG_CUES:
        return None
    if cue in {TITLE, AWAY} or tokens[first].text == "@" or not tokens[first].word[0].isalpha():
        return None
    starts_sentence = first == 0 or tokens[first - 1].sentence != tokens[first].sentence
    if cue not in STRONG_CUES and (starts_sentence or not scene.home_countries):
        return None
    if not is_capital and _follows_article(scene, first):
        return None
    if not scene.home_countries and cue != MINE_OF:
        return None
    for last in (first + 1, first):
        key = "".join(scene.words[first : last + 1])
        if not _may_be_misspelt(scene, first, last, key):
            continue
        is_short = not is_capital and len(key) < _LONG_NAME
        if not is_capital and not scene.home_countries:
            continue
        if is_short and cue not in STRONG_CUES:
            continue
        matches = [
            match
            for match in _similar(scene, key)
            if (not scene.home_countries or match.place.country in scene.home_countries)
            # A short word in small letters is taken for a town that many know, not for any village.
            and (not is_short or match.place.population >= _KNOWN_TOWN)
        ]
        if matches:
            return Mention(first, last, cue, is_capital, False, tuple(matches[:_MOST_MEANINGS]))
    return None


def _may_be_misspelt(scene: _Scene, first: int, last: int, key: str) -> bool:
    tokens = scene.marked.tokens
    return (
        last < len(tokens)
        and len(key) > _SHORT_NAME
        and not _is_street(scene.marked, last)
        and not _are_everyday(scene, first, last)
        and (last == first or scene.marked.text[tokens[first].end : tokens[last].start] in _JOINTS)
    )


def _similar(scene: _Scene, key: str) -> list[NameMatch]:
    """Look-ups by similar spelling are the dearest step: each name once, and so many for a text."""
    if key not in scene.tried:
        if len(scene.tried) >= _MOST_LOOKUPS:
            return []
        scene.tried[key] = scene.gazetteer.similar_matches(key)
    return scene.tried[key]


def is_everyday(word: str, marked: MarkedText) -> bool:
    """Whether a language that the text is read with has the word for something else; of the other languages
    read in full, whole words count and not their stems, with which many names begin."""
    return word in everyday_words().words or any(lexicon.has_everyday(word) for lexicon in marked.lexicons)


def _is_street(marked: MarkedText, last: int) -> bool:
    following = marked.tokens[last + 1].word if last + 1 < len(marked.tokens) else ""
    return following in _STREETS
