import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.places.site_codes import site_code, site_codes_in

countries = st.sampled_from(["SL", "CD", "CF", "AO", "ZW", "TZ"])
numbers = st.integers(1, 999_999)


@given(countries, numbers)
def test_a_code_is_read_back_from_a_text(country: str, number: int) -> None:
    code = site_code(country, number)
    text = f"soldiers at {code.lower()} today"
    assert [(found[0], found[1], text[found[2] : found[3]]) for found in site_codes_in(text)] == [
        (country, number, code.lower())
    ]


@given(countries, numbers, st.data())
def test_one_wrong_figure_is_caught(country: str, number: int, data: st.DataObject) -> None:
    code = site_code(country, number)
    places = [match.start() for match in re.finditer(r"\d", code)]
    at = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([figure for figure in "0123456789" if figure != code[at]]))
    assert list(site_codes_in(code[:at] + wrong + code[at + 1 :])) == []


@given(countries, st.integers(10, 999_999), st.data())
def test_two_figures_that_changed_places_are_caught(country: str, number: int, data: st.DataObject) -> None:
    code = site_code(country, number)
    pairs = [i for i in range(2, len(code) - 1) if code[i : i + 2].isdigit() and code[i] != code[i + 1]]
    if pairs:
        at = data.draw(st.sampled_from(pairs))
        assert list(site_codes_in(code[:at] + code[at + 1] + code[at] + code[at + 2 :])) == []


@pytest.mark.parametrize("text", ["", "in 2026-11", "le 12-11", "ak47-22", "XSL17-43", "+232 76-12"])
def test_other_figures_are_no_codes(text: str) -> None:
    assert list(site_codes_in(text)) == []
