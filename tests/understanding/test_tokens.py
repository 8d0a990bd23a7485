import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.facts import Span
from impact.understanding.tokens import span_of, tokens_of


def test_it_folds_words_and_remembers_where_they_stood() -> None:
    text = "L'armée a tué 2 hommes"
    tokens = tokens_of(text)
    assert [token.word for token in tokens] == ["l", "armee", "a", "tue", "2", "hommes"]
    assert [text[token.start : token.end] for token in tokens] == ["L", "armée", "a", "tué", "2", "hommes"]
    assert span_of(tokens, 3, 5) == Span(10, 22)


def test_it_keeps_accents_that_stand_as_letters_of_their_own() -> None:
    (token,) = tokens_of("blesse\u0301")
    assert (token.word, token.end) == ("blesse", 7)


def test_it_parts_figures_from_letters() -> None:
    assert [token.word for token in tokens_of("5km 3blesses M23")] == ["5", "km", "3", "blesses", "m", "23"]


@pytest.mark.parametrize(
    ("text", "sentences", "clauses"),
    [
        ("one two", 0, 0),
        ("one, two", 0, 1),
        ("one. two", 1, 1),
        ("one.two", 1, 1),
        ("14.11", 0, 0),
        ("one\ntwo", 1, 1),
        ("one - two", 0, 1),
        ("one-two", 0, 0),
    ],
)
def test_it_tells_sentences_and_clauses(text: str, sentences: int, clauses: int) -> None:
    last = tokens_of(text)[-1]
    assert (last.sentence, last.clause) == (sentences, clauses)


def test_it_reads_figures_of_a_sensible_length() -> None:
    tokens = tokens_of("12 1234567890123 ٣")
    assert [token.number for token in tokens] == [12, None, 3]


def test_it_cuts_off_a_text_that_never_ends() -> None:
    assert len(tokens_of("a " * 50_000)) < 10_000


@given(st.text(max_size=300))
def test_it_stands_within_the_text_and_in_order(text: str) -> None:
    end = 0
    for token in tokens_of(text):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        end = token.end


def test_it_parts_a_bantu_prefix_from_the_name_behind_it() -> None:
    assert [token.word for token in tokens_of("kumugodhi weShurugwi, kuMarange")] == [
        *("kumugodhi", "we", "shurugwi", "ku", "marange"),
    ]
    assert [token.word for token in tokens_of("weShurugwi WESHURUGWI")] == ["we", "shurugwi", "weshurugwi"]
