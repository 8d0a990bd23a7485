import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.understanding.facts import (
    DateFound,
    HarmFound,
    Hints,
    PeopleFound,
    PerpetratorFound,
    PlaceFound,
    Span,
    Understanding,
)
from impact.understanding.reading import read_place, read_text
from tests.understanding.cast import FRIDAY, GAZETTEER, read, words

MESSAGE = "Les militaires ont tué deux creuseurs et blessé trois autres à Tshikapa hier soir"
PIECES = [
    *MESSAGE.split(),
    *("soldiers", "beat", "3", "men", "at", "Koidu", "14/11", "no", "one", "was", "hurt", "will", "burn"),
    *("our", "houses", "5", "km", "north", "of", "between", "and", "-6.41,", "20.80", "@", ".", ",", "\n"),
    *(
        "wamepiga",
        "watu",
        "watatu",
        "jana",
        "ontem",
        "mataram",
        "🙂",
        "é",
        "\u0301",
        "\x00",
        "二",
        "٣",
        "#",
        "*",
    ),
]


def spans_of(understanding: Understanding) -> list[Span]:
    conclusions: list[HarmFound | PlaceFound | PeopleFound | DateFound | PerpetratorFound] = [
        *understanding.harms,
        *understanding.candidates,
        *understanding.people,
        *([understanding.place] if understanding.place else []),
        *([understanding.occurred] if understanding.occurred else []),
        *([understanding.perpetrator] if understanding.perpetrator else []),
    ]
    assert all(conclusion.spans for conclusion in conclusions)
    return [span for conclusion in conclusions for span in conclusion.spans]


def test_it_reads_a_whole_message() -> None:
    line = read(MESSAGE, "CD").to_line("1")
    assert (line["language"], line["is_report"], line["theme"]) == ("fr", True, "violence")
    assert line["harms"] == ["killing", "injury"]
    assert line["place"]["name"] == "Tshikapa"
    assert line["occurred"] == {"from": "2026-11-19", "to": "2026-11-19"}
    assert line["people"] == {"killed": 2, "injured": 3}
    assert line["perpetrator"] == "army"


def test_it_shows_the_letters_behind_every_conclusion() -> None:
    understanding = read(MESSAGE, "CD")
    assert understanding.place
    assert understanding.occurred
    assert understanding.perpetrator
    assert words(MESSAGE, understanding.harms[0].spans) == ["tué"]
    assert words(MESSAGE, understanding.place.spans) == ["Tshikapa"]
    assert words(MESSAGE, understanding.occurred.spans) == ["hier soir"]
    assert words(MESSAGE, understanding.perpetrator.spans) == ["militaires"]


def test_it_gives_the_same_answer_every_time() -> None:
    assert read(MESSAGE, "CD") == read(MESSAGE, "CD")


def test_it_keeps_a_foreign_text_as_a_report_without_conclusions() -> None:
    understanding = read("Mwen nan Delmas 33, nou pa gen dlo ak manje, tanpri ede nou")
    assert understanding.language == "ht"
    assert understanding.is_report
    assert (understanding.harms, understanding.place, understanding.people) == ((), None, ())


def test_it_says_that_something_happened_where_it_cannot_say_what() -> None:
    understanding = read("the soldiers did it again to 12 people")
    assert [str(found.harm) for found in understanding.harms] in (["other"], ["armed_presence"])
    assert understanding.harms[0].confidence <= 0.5


def test_it_reads_the_answer_to_where() -> None:
    found = read_place("koidu", Hints(FRIDAY, "SL"), GAZETTEER)
    assert found[0].name == "Koidu"
    assert read_place("", Hints(FRIDAY), GAZETTEER) == ()


def check(text: str, country: str, language: str) -> None:
    understanding = read_text(text, Hints(FRIDAY, country, language), GAZETTEER)
    for span in spans_of(understanding):
        assert 0 <= span.start < span.end <= len(text)
    confidences = [found.confidence for found in understanding.harms]
    confidences += [found.confidence for found in understanding.candidates]
    assert all(0 <= confidence <= 1 for confidence in [*confidences, understanding.language_confidence])
    assert understanding.place is None or understanding.place == understanding.candidates[0]
    assert len(understanding.candidates) <= 5
    json.dumps(understanding.to_line(1))
    assert Understanding.from_json(json.loads(json.dumps(understanding.to_json()))) == understanding


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join),
    st.sampled_from(["", "CD", "SL", "AO", "XX"]),
    st.sampled_from(["", "fr", "sw", "xx"]),
)
def test_it_never_raises_on_words_in_any_order(text: str, country: str, language: str) -> None:
    check(text, country, language)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=400))
def test_it_never_raises_on_any_text(text: str) -> None:
    check(text, "CD", "")


@pytest.mark.parametrize(
    "text",
    [
        "\ud800 lone surrogate 3 dead at Koidu",
        "9" * 5_000,
        "1 " * 2_000,
        "-6.1 " * 2_000,
        "killed " * 2_000,
        "not killed " * 1_000,
        "between Koidu and " * 400,
        "Koidu " * 1_000,
        "a" * 20_000,
        "since 3 days ago " * 500,
        "twenty hundred thousand " * 500,
        "e\u0301" * 5_000,
        "١٢/٣ ²³ ½ Ⅷ",
    ],
)
def test_it_survives_what_no_one_writes(text: str) -> None:
    understanding = read(text, "SL")
    assert understanding == read(text, "SL")


def test_it_depends_on_nothing_but_its_arguments() -> None:
    hints = Hints(FRIDAY, "CD")
    later = replace(hints, received_at=FRIDAY.replace(day=27))
    first, second = (read_text(MESSAGE, given, GAZETTEER) for given in (hints, later))
    assert first.occurred != second.occurred
    assert first.harms == second.harms
