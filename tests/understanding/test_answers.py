from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.understanding.answers import Asked, read_answer
from impact.understanding.facts import Hints

GAZETTEER = Gazetteer(
    [
        NamedPlace("place", 1, "Koidu", ("Sefadu",), "SL", -10.97, 8.64, 5000.0, 128_000),
        NamedPlace("place", 2, "Kolwezi", (), "CD", 25.47, -10.71, 8000.0, 790_000),
    ]
)
HINTS = Hints(datetime(2026, 11, 26, 12, 0, tzinfo=UTC), "SL")


@pytest.mark.parametrize(("words", "name"), [("Koidu", "Koidu"), ("sefadu", "Koidu"), ("Kolwezi", "Kolwezi")])
def test_a_name_alone_answers_where(words: str, name: str) -> None:
    place = read_answer(Asked.WHERE, words, HINTS, GAZETTEER).place
    assert place is not None
    assert place.name == name


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("hier", date(2026, 11, 25)),
        ("yesterday", date(2026, 11, 25)),
        ("12/11", date(2026, 11, 12)),
        ("14", date(2026, 11, 14)),
        ("27", date(2026, 10, 27)),
        ("jana", date(2026, 11, 25)),
    ],
)
def test_a_day_alone_answers_when(words: str, day: date) -> None:
    occurred = read_answer(Asked.WHEN, words, HINTS, GAZETTEER).occurred
    assert occurred is not None
    assert (occurred.from_on, occurred.to_on) == (day, day)


@pytest.mark.parametrize("words", ["0", "32", "long ago perhaps", "-3", "٣"])
def test_what_is_no_day_is_none(words: str) -> None:
    assert read_answer(Asked.WHEN, words, HINTS, GAZETTEER).occurred is None


def test_a_number_alone_counts_people_only_where_they_were_asked_for() -> None:
    assert [(found.kind, found.low) for found in read_answer(Asked.PEOPLE, "3", HINTS, GAZETTEER).people] == [
        ("affected", 3)
    ]
    assert read_answer(None, "3", HINTS, GAZETTEER).people == ()
    found = read_answer(Asked.PEOPLE, "3 wounded", HINTS, GAZETTEER).people
    assert [(one.kind, one.low) for one in found] == [("injured", 3)]


def test_who_did_it_is_a_perpetrator_and_no_other_harm() -> None:
    read = read_answer(Asked.WHO, "the police", HINTS, GAZETTEER)
    assert read.perpetrator is not None
    assert (read.perpetrator.kind, read.harms) == ("police", ())


def test_free_words_in_an_answer_are_read_as_well() -> None:
    read = read_answer(Asked.WHERE, "at Koidu, soldiers beat two men yesterday", HINTS, GAZETTEER)
    assert read.place is not None
    assert read.occurred is not None
    assert [found.harm for found in read.harms] == ["injury"]


@given(st.text(max_size=200), st.sampled_from([None, *Asked]))
def test_no_words_raise(words: str, asked: Asked | None) -> None:
    read_answer(asked, words, HINTS, GAZETTEER)
