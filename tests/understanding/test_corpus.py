"""The labelled messages, read with the places that ship with the product.

`corpus.jsonl` was looked at while the lexicons were made: its floors keep them from slipping back. The
messages of `held_out.jsonl` were not, so that they say how well unseen messages are read: never look at one
of them to change a lexicon. `bench.reading` prints both tables.
"""

from datetime import date, datetime

import pytest

from impact.places.gazetteer import Gazetteer, read_shipped_places
from impact.understanding.lexicon import languages
from impact.vocabulary import Harm, PeopleKind, Perpetrator
from tests.understanding.scoring import CORPUS, HELD_OUT, Pair, Scores, read_all, reader, rows_of, scores_of


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(read_shipped_places())


@pytest.fixture(scope="module")
def pairs(gazetteer: Gazetteer) -> list[Pair]:
    return read_all(rows_of(CORPUS), reader(gazetteer))


def test_it_is_labelled_in_the_words_of_the_vocabulary() -> None:
    corpus, held_out = rows_of(CORPUS), rows_of(HELD_OUT)
    rows = corpus + held_out
    assert len(rows) >= 500
    assert len(held_out) >= len(rows) / 4
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row["harms"]) <= set(Harm.values)
        assert set(row["people"]) <= set(PeopleKind.values)
        assert row["perpetrator"] in Perpetrator.values
        assert row["is_report"] == bool(row["harms"])
        if row["occurred"]:
            first, last = map(date.fromisoformat, row["occurred"])
            assert first <= last <= datetime.fromisoformat(row["received"]).date()
    assert {harm for row in rows for harm in row["harms"]} == set(Harm.values)
    assert {row["language"] for row in rows} == set(languages())


def test_messages_that_were_looked_at_stay_read(pairs: list[Pair]) -> None:
    scores = scores_of(pairs)
    floors = Scores(
        language=0.99,
        is_report=0.99,
        harms=0.95,
        theme=0.96,
        place=0.98,
        invented=0.01,
        date=0.98,
        people=0.96,
        perpetrator=0.96,
    )
    for name in Scores.__slots__:
        reached, floor = getattr(scores, name), getattr(floors, name)
        assert reached <= floor if name == "invented" else reached >= floor, name


def test_messages_that_were_not_looked_at_are_read(gazetteer: Gazetteer) -> None:
    scores = scores_of(read_all(rows_of(HELD_OUT), reader(gazetteer)))
    floors = Scores(
        language=0.99,
        is_report=0.98,
        harms=0.87,
        theme=0.90,
        place=0.96,
        invented=0.03,
        date=0.96,
        people=0.92,
        perpetrator=0.91,
    )
    for name in Scores.__slots__:
        reached, floor = getattr(scores, name), getattr(floors, name)
        assert reached <= floor if name == "invented" else reached >= floor, name


def test_it_concludes_nothing_from_what_is_no_report(pairs: list[Pair]) -> None:
    for _, got in pairs:
        if not got["is_report"]:
            assert (got["harms"], got["place"], got["occurred"], got["people"]) == ([], None, None, {})
