from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.facts import (
    DateFound,
    HarmFound,
    PeopleFound,
    PerpetratorFound,
    PlaceFound,
    Span,
    Understanding,
)
from impact.vocabulary import Harm, Perpetrator
from impact.web.desk.highlighting import highlighted

TEXT = "Soldiers shot two men at Tshikapa yesterday"


def reading(**found: object) -> Understanding:
    return Understanding(language="en", language_confidence=1.0, is_report=True, **found)  # type: ignore[arg-type]


def span(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


def test_each_conclusion_marks_its_own_words() -> None:
    segments = highlighted(
        TEXT,
        reading(
            harms=(HarmFound(Harm.KILLING, 0.9, span("shot")),),
            perpetrator=PerpetratorFound(Perpetrator.ARMY, 0.9, span("Soldiers")),
            people=(PeopleFound("killed", 2, 3, span("two men")),),
            place=PlaceFound("Tshikapa", "CD", 20.8, -6.4, 5000, "gazetteer", 0.9, span("Tshikapa")),
            occurred=DateFound(date(2026, 11, 22), date(2026, 11, 22), "day", 1.0, span("yesterday")),
        ),
    )
    marked = {segment.text: (segment.kinds, segment.label) for segment in segments if segment.kinds}
    assert marked == {
        "Soldiers": (("who",), "Army"),
        "shot": (("harm",), "Killing"),
        "two men": (("people",), "2–3 killed"),
        "Tshikapa": (("place",), ""),
        "yesterday": (("date",), "22 Nov 2026"),
    }


def test_where_conclusions_overlap_both_are_told_and_each_once() -> None:
    segments = highlighted(
        TEXT,
        reading(
            harms=(HarmFound(Harm.KILLING, 0.9, span("shot two men")),),
            people=(PeopleFound("killed", 2, 2, span("two")),),
        ),
    )
    assert [(s.text, s.kinds, s.label) for s in segments if s.kinds] == [
        ("shot ", ("harm",), ""),
        ("two", ("harm", "people"), "2 killed"),
        (" men", ("harm",), "Killing"),
    ]


def test_a_text_that_nothing_was_read_of_stays_whole() -> None:
    assert [segment.text for segment in highlighted(TEXT, None)] == [TEXT]
    assert highlighted("", None) == []


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_the_segments_are_always_the_text_again(text: str, edges: list[tuple[int, int]]) -> None:
    spans = tuple(Span(start, end) for start, end in edges)
    segments = highlighted(text, reading(harms=(HarmFound(Harm.KILLING, 0.9, spans),)))
    assert "".join(segment.text for segment in segments) == text
