import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.phrase_notation import (
    FUTURE,
    NEGATIVE,
    PLAIN,
    Label,
    Phrase,
    VerbHead,
    VerbParts,
    written_phrases,
)
from impact.understanding.phrases import Match, PhraseBook
from impact.understanding.tokens import Token, tokens_of

LABEL = Label("harms", "killing", "sure")
SWAHILI = VerbParts(
    negatives=("ha",),
    subjects=("ni", "a", "wa", "u", "i"),
    tenses=("na", "li", "me", "ku"),
    futures=("ta",),
    relatives=("ye",),
    objects=("m", "wa", "ni"),
    bare=("ku",),
    needs_tense=True,
)


def found(text: str, *phrases: str, label: Label = LABEL) -> list[Match]:
    book = PhraseBook(SWAHILI)
    for phrase in phrases:
        book.add_phrase(label, phrase)
    return book.matches(tokens_of(text))


def letters(text: str, *phrases: str) -> list[str]:
    return [text[match.span.start : match.span.end] for match in found(text, *phrases)]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("soldier", "A SOLDIER came", ["SOLDIER"]),
        ("soldier", "soldiers came", []),
        ("tué", "il a tue", ["tue"]),
        ("kill*", "they killed two", ["killed"]),
        ("beat|beaten", "was beaten", ["beaten"]),
        ("hier soir", "hier soir", ["hier soir"]),
        ("hier soir", "hier le soir", []),
        ("burn* ~ house*", "burned all our houses", ["burned all our houses"]),
        ("burn* ~ house*", "burned one two three four houses", []),
        ("burn* ~ house*", "They burned it. Our houses", []),
        ("boys ~~ dig", "boys of less than ten years dig", ["boys of less than ten years dig"]),
        ("took_over|seized ~ mine", "they took over the mine", ["took over the mine"]),
        ("took_over|seized ~ mine", "they seized the mine", ["seized the mine"]),
        ("took_over|seized ~ mine", "they took the mine", []),
        ("m23", "the M23 came", ["M23"]),
        ("mai-mai", "Mai Mai and maï-maï", ["Mai Mai", "maï-maï"]),
        ("aujourd'hui", "aujourd’hui", ["aujourd’hui"]),
    ],
)
def test_it_finds_what_a_phrase_says(phrase: str, text: str, expected: list[str]) -> None:
    assert letters(text, phrase) == expected


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("wamepiga", PLAIN),
        ("alimpiga", PLAIN),
        ("watampiga", FUTURE),
        ("hawakupiga", NEGATIVE),
        ("kupiga", PLAIN),
        ("aliyempiga", PLAIN),
    ],
)
def test_it_sees_the_form_of_a_swahili_verb(word: str, form: str) -> None:
    assert [match.form for match in found(word, "-piga")] == [form]


@pytest.mark.parametrize("word", ["piga", "zimbapiga", "unites", "chukua"])
def test_it_does_not_take_another_word_for_a_verb(word: str) -> None:
    assert found(word, "-piga", "-tes*", "-ua") == []


def test_it_lets_a_longer_phrase_hide_its_part_of_the_same_name() -> None:
    assert letters("shot dead", "shot", "shot dead") == ["shot dead"]


def test_it_keeps_a_part_that_says_something_else() -> None:
    book = PhraseBook()
    book.add_phrase(Label("harms", "water_pollution", "sure"), "mercury ~ river")
    book.add_phrase(Label("harms", "chemicals", "sure"), "mercury")
    names = {match.label.name for match in book.matches(tokens_of("mercury in the river"))}
    assert names == {"water_pollution", "chemicals"}


def test_it_finds_a_phrase_once_however_often_it_was_added() -> None:
    assert letters("killed", "kill*", "killed", "killed") == ["killed"]


def test_it_knows_words_alone_from_words_in_phrases() -> None:
    book = PhraseBook()
    book.add_phrase(LABEL, "koidu limited")
    book.add_phrase(LABEL, "kill*")
    assert book.knows("koidu")
    assert not book.has_word("koidu")
    assert book.has_word("killers")


# Alike at their beginnings and ends, so that a look-up that is too narrow misses one.
ALIKE = [
    *("kill*", "killed", "ki*", "kill* ~ men", "killed ~~ ma*", "killed two|three", "men killed"),
    *("men ~ kill*|ki*", "two men", "two ~ -pig*", "two|three ~~ two", "ma*"),
    *("-pig*", "-pigwa", "-pig* ~ men", "a -pig*"),
]
WORDS = "killed kill killing ki kis two three men man m a hatapiga wamepigwa anapiga pig , .".split()
HEAD = VerbHead(SWAHILI.compiled(), SWAHILI.needs_tense)


def plainly_found(phrase: Phrase, first: int, tokens: tuple[Token, ...]) -> tuple[int, int, str] | None:
    """The phrase tried at one word: the first token, the last, and the form of its verb."""
    last, form = first, phrase.elements[0].form_of(tokens[first].word, HEAD)
    for element in phrase.elements[1:]:
        following = range(last + 1, min(last + element.gap + 2, len(tokens)))
        told = [
            (step, inner)
            for step in following
            if tokens[step].clause == tokens[first].clause
            and (inner := element.form_of(tokens[step].word, HEAD))
        ]
        if not form or not told:
            return None
        last, inner = told[0]
        form = form if inner == PLAIN else inner
    return (first, last, form) if form else None


@given(st.lists(st.sampled_from(WORDS), max_size=12))
def test_it_finds_what_trying_each_phrase_at_each_word_finds(words: list[str]) -> None:
    tokens = tokens_of(" ".join(words))
    for written in ALIKE:
        labels = [Label("harms", written), Label("harms", "another")]
        book = PhraseBook(SWAHILI)
        for label, others in zip(labels, ([written], ALIKE), strict=True):
            for other in others:
                book.add_phrase(label, other)
        found = {(m.first, m.last, m.form) for m in book.all_matches(tokens) if m.label == labels[0]}
        (phrase,) = written_phrases(labels[0], written)
        assert found == {
            match for first in range(len(tokens)) if (match := plainly_found(phrase, first, tokens))
        }


def test_it_finds_a_phrase_that_was_added_after_a_look() -> None:
    book = PhraseBook()
    book.add_phrase(LABEL, "killed")
    assert len(book.matches(tokens_of("killed"))) == 1
    book.add_phrase(Label("people", "killed"), "kill*")
    assert len(book.matches(tokens_of("killed"))) == 2
