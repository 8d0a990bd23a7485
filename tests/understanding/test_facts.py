import json
from dataclasses import replace
from datetime import date

import pytest

from impact.understanding.facts import (
    DateFound,
    HarmFound,
    PeopleFound,
    PerpetratorFound,
    PlaceFound,
    Span,
    Understanding,
    VerbatimPlace,
)
from impact.vocabulary import Harm, Perpetrator

SPAN = (Span(0, 4),)
TSHIKAPA = PlaceFound(
    name="Tshikapa",
    country="CD",
    longitude=20.8,
    latitude=-6.416,
    radius_m=5000.0,
    method="gazetteer",
    confidence=0.8,
    spans=SPAN,
    place_id=7,
)
FULL = Understanding(
    language="fr",
    language_confidence=0.9,
    is_report=True,
    harms=(HarmFound(Harm.KILLING, 0.9, SPAN), HarmFound(Harm.INJURY, 0.7, SPAN)),
    place=TSHIKAPA,
    candidates=(TSHIKAPA,),
    occurred=DateFound(date(2026, 11, 19), date(2026, 11, 19), "day", 1.0, SPAN),
    people=(PeopleFound("killed", 2, 4, SPAN), PeopleFound("injured", 3, 3, SPAN)),
    perpetrator=PerpetratorFound(Perpetrator.ARMY, 0.8, SPAN),
    verbatim_places=(VerbatimPlace("what3words", "///filled.count.soap", Span(9, 29)),),
)
NOTHING = Understanding(language="und", language_confidence=0.0, is_report=False)


@pytest.mark.parametrize("understanding", [FULL, NOTHING])
def test_it_comes_back_from_stored_json_as_it_was(understanding: Understanding) -> None:
    stored = json.loads(json.dumps(understanding.to_json()))
    assert Understanding.from_json(stored) == understanding


def test_it_stores_the_same_types_that_json_gives_back() -> None:
    record = FULL.to_json()
    assert record == json.loads(json.dumps(record))
    assert type(record["harms"][0]["harm"]) is str


def test_it_writes_the_line_of_read_texts() -> None:
    assert FULL.to_line("h001") == {
        "id": "h001",
        "language": "fr",
        "is_report": True,
        "theme": "violence",
        "harms": ["killing", "injury"],
        "place": {
            "name": "Tshikapa",
            "country": "CD",
            "lat": -6.416,
            "lon": 20.8,
            "radius_m": 5000,
            "method": "gazetteer",
        },
        "occurred": {"from": "2026-11-19", "to": "2026-11-19"},
        "people": {"killed": 2, "injured": 3},
        "perpetrator": "army",
        "confidence": {"harms": 0.9, "place": 0.8, "occurred": 1.0},
    }


def test_it_writes_a_line_for_a_text_that_says_nothing() -> None:
    line = NOTHING.to_line(4)
    assert (line["id"], line["is_report"], line["theme"], line["harms"]) == (4, False, None, [])
    assert (line["place"], line["occurred"], line["people"]) == (None, None, {})
    assert line["perpetrator"] == "unknown"


def test_it_reads_a_record_from_before_places_were_kept_verbatim() -> None:
    record = FULL.to_json()
    del record["verbatim_places"]
    assert Understanding.from_json(record) == replace(FULL, verbatim_places=())


def test_it_refuses_a_record_that_is_not_its_own() -> None:
    with pytest.raises(ValueError, match="sorcery"):
        Understanding.from_json(
            {**FULL.to_json(), "harms": [{"harm": "sorcery", "confidence": 1, "spans": []}]}
        )
