from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.understanding.redaction import Kind, find_identifying, visible_text
from tests.understanding.cast import GAZETTEER


def found(text: str, *kinds: Kind) -> list[str]:
    return [one.words for one in find_identifying(text, GAZETTEER) if not kinds or one.kind in kinds]


@pytest.mark.parametrize(
    "number",
    [
        *("+243812345678", "00243 81 234 56 78", "(+243) 81-234-56-78", "081/234/56/78", "081.234.56.78"),
        *(
            "+243 (0)81 234 5678",
            "0 8 1 2 3 4 5 6 7 8",
            "O81 234 5678",
            "٠٨١٢٣٤٥٦٧٨",
            "＋243 ８１２３４５６７８",
        ),
        *("081\u00a0234\u00a05678", "081\u200b2345678", "081–234–5678", "081_234_5678", "0812\n345678"),
        *("zero eight one two three four five six", "zéro huit un deux trois quatre cinq six"),
    ],
)
def test_a_telephone_is_found_in_whatever_notation_and_the_second_too(number: str) -> None:
    text = f"They ask for {number}, then for {number}."
    assert found(text, Kind.PHONE) == [number, number]


@pytest.mark.parametrize(
    "text",
    [
        "Two people were killed on 18/11/2026 at 14:30.",
        "Between 2024-2026, 1,200 people were moved",
        "Ils ont pris 1 200 000 francs aux creuseurs.",
        "Killing beside a mine in Sierra Leone. People: 2 killed, at least. Attributed to: army.",
        "Les militaires ont tiré, trois blessés.",
        "A brother and a sister drowned; the mother of four children was hurt.",
        "",
    ],
)
def test_what_points_to_nobody_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_what_is_found_stands_in_the_text_in_order_and_apart() -> None:
    text = "Mr Kamara (077 123 456, a@b.org) saw the widow of Sahr Bona at Koidu, 8.6439, -10.9714."
    findings = find_identifying(text, GAZETTEER, country="SL")
    assert [one.kind for one in findings] == [
        *(Kind.NAME, Kind.PHONE, Kind.EMAIL, Kind.RELATION, Kind.PLACE, Kind.COORDINATES)
    ]
    for one in findings:
        assert text[one.span.start : one.span.end] == one.words
    for before, after in pairwise(findings):
        assert before.span.end <= after.span.start


def test_a_province_is_no_exact_place_and_a_town_is_one() -> None:
    assert found("Shots near Kenema in Sierra Leone", Kind.PLACE) == ["Kenema"]
    assert found("Shots in Sierra Leone") == []


def test_a_text_in_capitals_still_has_its_titles() -> None:
    assert found("MR KAMARA WAS BEATEN, CALL 077 123 456", Kind.NAME) == ["MR KAMARA"]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Ibra\u200bhim Fo\u00adfanah", Kind.NAME),
        ("Ibra\u2060him Fofanah", Kind.NAME),
        ("Ibra\ufe0fhim Fo\u034ffanah", Kind.NAME),
        ("E\u0301mile Ba\u0301ssolet", Kind.NAME),
        ("Émile BASSO", Kind.NAME),
        ("fofanah@exa\u200bmple.org", Kind.EMAIL),
        ("8.64\u200b39, -10.9714", Kind.COORDINATES),
        ("Ken\u200dema", Kind.PLACE),
    ],
)
def test_no_letter_that_is_not_seen_hides_anything(written: str, kind: Kind) -> None:
    assert found(f"Soldiers went to {written} there.", kind) == [written]


@pytest.mark.parametrize("letters", ["-", "+", "a-", "a-a.", "'"])
def test_a_long_text_of_nothing_is_looked_through_once(letters: str) -> None:
    # As the work grew with the square of the length, this took minutes.
    assert found(letters * (100_000 // len(letters)) + " Mr Kamara", Kind.NAME) == ["Mr Kamara"]


def test_a_text_is_shown_as_it_looks() -> None:
    assert visible_text("Jo\u200bhn \u202ehguorht\u202c E\u0301mile,\r\n\tà\x0b l’été ²½") == (
        "John hguorht Émile,\r\n\tà l’été ²½"
    )


@given(st.text(alphabet=st.sampled_from("\u200b\u0301\u00adaA0+-.@:/ \n(MrdeÉ’²०"), max_size=120))
def test_it_takes_any_text(text: str) -> None:
    for one in find_identifying(text, GAZETTEER):
        assert text[one.span.start : one.span.end] == one.words
