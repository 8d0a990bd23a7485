import pytest

from impact.understanding.phrases import (
    FUTURE,
    NEGATIVE,
    PLAIN,
    Label,
    Match,
    PhraseBook,
    PhraseError,
    VerbParts,
)
from impact.understanding.tokens import tokens_of

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


@pytest.mark.parametrize("phrase", ["", "~ house", "burn* ~", "burn* ~ ~ house", "a*b", "k*", "!", "a|*"])
def test_it_refuses_a_phrase_that_makes_no_sense(phrase: str) -> None:
    with pytest.raises(PhraseError):
        PhraseBook().add_phrase(LABEL, phrase)


def test_it_knows_words_alone_from_words_in_phrases() -> None:
    book = PhraseBook()
    book.add_phrase(LABEL, "koidu limited")
    book.add_phrase(LABEL, "kill*")
    assert book.knows("koidu")
    assert not book.has_word("koidu")
    assert book.has_word("killers")
