from collections.abc import Sequence

import pytest

from impact.places.production.notations import Ambiguous, Notation, NotGrouped
from impact.places.production.numbers import NotANumber, amount, bare_number


def read(cell: str, others: Sequence[str] = (), *, multiple: int = 1, leans_to_comma: bool = False) -> str:
    notation = Notation.of(map(bare_number, (*others, cell)), leans_to_comma=leans_to_comma)
    return notation.plain(bare_number(cell), multiple)


@pytest.mark.parametrize(
    ("cell", "others", "plain"),
    [
        ("727,000", [], "727000"),
        ("727,000", ["1.5"], "727000"),
        ("727,000", ["1,234,567"], "727000"),
        ("727.000", ["1.234.567"], "727000"),
        ("727.000", ["12,5"], "727000"),
        ("727.000", ["1.234,56"], "727000"),
        ("727,125", ["1234,567"], "727.125"),
        ("727,125", ["0,125"], "727.125"),
        ("727.125", ["1234.567", "0.5"], "727.125"),
        ("727.125", ["1000.5"], "727.125"),
        ("1 234,567", [], "1234.567"),
        ("12,34,567", [], "1234567"),
        ("1’234’567.5", [], "1234567.5"),
        ("1'234", [], "1234"),
        ("1\u00a0234\u202f567", [], "1234567"),
    ],
)
def test_the_file_says_what_a_sign_means(cell: str, others: list[str], plain: str) -> None:
    assert read(cell, others) == plain


@pytest.mark.parametrize(
    ("cell", "others"),
    [
        ("727,000", ["12,5"]),
        ("727,000", ["1.234,56"]),
        ("727.000", []),
        ("727.000", ["12.5"]),
        ("727.000", ["1,234.5"]),
        ("727,000", ["12,5", "12.5"]),
    ],
)
def test_what_can_be_two_numbers_is_neither(cell: str, others: list[str]) -> None:
    with pytest.raises(Ambiguous) as two:
        read(cell, others)
    assert (two.value.as_decimal, two.value.as_thousands) == ("727.000", "727000")


def test_semicolons_and_millions_say_what_is_likely() -> None:
    with pytest.raises(Ambiguous):
        read("727,000", leans_to_comma=True)
    assert read("23.207", multiple=1_000_000) == "23.207"
    with pytest.raises(Ambiguous):
        read("23,207", multiple=1_000_000)


def test_who_calls_can_say_it() -> None:
    assert Notation(given=",").plain("727,000") == "727.000"
    assert Notation(given=".").plain("727,000") == "727000"
    assert Notation(given=",").plain("727.000") == "727000"


def test_a_file_of_two_hands_is_mixed() -> None:
    assert Notation.of(["12,5", "12.5"]).is_mixed
    assert not Notation.of(["12,5", "1.234", "1 234,5"]).is_mixed


@pytest.mark.parametrize("cell", ["1,2,3", "1.234.56", "1 2 3", "12 13", "1 234 56", "1,5.6", "1.234,56,7"])
def test_digits_that_are_not_grouped_are_no_number(cell: str) -> None:
    with pytest.raises(NotGrouped):
        Notation().plain(cell)
    with pytest.raises(NotANumber, match="is not a number"):
        amount(cell)
