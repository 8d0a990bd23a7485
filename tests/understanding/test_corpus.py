"""The labelled messages of corpus.jsonl, read with the places that ship with the product.

They were written while the lexicons were made, so these are floors against slipping back, not a measure of
how well unseen messages are read.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pyproj import Geod

from impact.places.gazetteer import Gazetteer, read_shipped_places
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from impact.vocabulary import Harm, PeopleKind, Perpetrator, theme_of

TOLERANCE_M = 15_000
GEOD = Geod(ellps="WGS84")

Pair = tuple[dict[str, Any], dict[str, Any]]


def rows() -> Iterator[dict[str, Any]]:
    for line in (Path(__file__).parent / "corpus.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    gazetteer = Gazetteer(read_shipped_places())
    return [
        (
            row,
            read_text(
                row["text"],
                Hints(datetime.fromisoformat(row["received"]), row["sender_country"]),
                gazetteer,
            ).to_line(row["id"]),
        )
        for row in rows()
    ]


def reports(pairs: list[Pair]) -> list[Pair]:
    return [(wanted, got) for wanted, got in pairs if wanted["is_report"]]


def share(values: list[bool]) -> float:
    return sum(values) / len(values)


def test_it_is_labelled_in_the_words_of_the_vocabulary() -> None:
    labels = list(rows())
    assert len(labels) >= 120
    assert len({row["id"] for row in labels}) == len(labels)
    for row in labels:
        assert set(row["harms"]) <= set(Harm.values)
        assert set(row["people"]) <= set(PeopleKind.values)
        assert row["perpetrator"] in Perpetrator.values
    told = {harm for row in labels for harm in row["harms"]}
    assert told == set(Harm.values) - {"other"}


def test_it_tells_languages_and_reports(pairs: list[Pair]) -> None:
    assert share([wanted["language"] == got["language"] for wanted, got in pairs]) >= 0.97
    assert share([wanted["is_report"] == got["is_report"] for wanted, got in pairs]) >= 0.97


def test_it_finds_harms_and_themes(pairs: list[Pair]) -> None:
    right = sum(len(set(wanted["harms"]) & set(got["harms"])) for wanted, got in pairs)
    told = sum(len(wanted["harms"]) + len(got["harms"]) for wanted, got in pairs)
    assert 2 * right / told >= 0.95
    themes = [str(theme_of(wanted["harms"][0])) == got["theme"] for wanted, got in reports(pairs)]
    assert share(themes) >= 0.95


def test_it_finds_places(pairs: list[Pair]) -> None:
    near = []
    for wanted, got in reports(pairs):
        place, label = got["place"], wanted["place"]
        if label is None:
            near.append(place is None)
        elif place is None:
            near.append(False)
        else:
            _, _, off_m = GEOD.inv(label["lon"], label["lat"], place["lon"], place["lat"])
            near.append(off_m <= TOLERANCE_M)
    assert share(near) >= 0.95


def test_it_finds_days_people_and_perpetrators(pairs: list[Pair]) -> None:
    told = reports(pairs)
    days = [
        (got["occurred"] and list(got["occurred"].values())) == wanted["occurred"] for wanted, got in told
    ]
    assert share(days) >= 0.95
    assert share([wanted["people"] == got["people"] for wanted, got in told]) >= 0.95
    assert share([wanted["perpetrator"] == got["perpetrator"] for wanted, got in told]) >= 0.93


def test_it_concludes_nothing_from_what_is_no_report(pairs: list[Pair]) -> None:
    for _, got in pairs:
        if not got["is_report"]:
            assert (got["harms"], got["place"], got["occurred"], got["people"]) == ([], None, None, {})
