from decimal import Decimal

import pytest

from impact.places.production.numbers import Absent, Amount, NotANumber, amount


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (2194850.08, "2194850.08"),
        (0, "0"),
        ("1,234,567.89", "1234567.89"),
        ("1.234.567,89", "1234567.89"),
        ("1\u202f234\u00a0567,89", "1234567.89"),
        ("1'234'567", "1234567"),
        ("1,234", "1234"),
        ("1.5", "1.5"),
        ("US$ 12,000", "12000"),
        ("12.5 million", "12500000"),
        ("345 cts", "345"),
        ("1,234*", "1234"),
        ("345(r)", "345"),
        ("1.5E+05", "150000"),
        ("1,5e5", "150000"),
    ],
)
def test_it_reads_a_number(cell: object, number: str) -> None:
    assert amount(cell) == Amount(Decimal(number))


@pytest.mark.parametrize("cell", ["n/d", "N.D.", "c", "-", "–", "..", "Not disclosed", "non communiqué"])
def test_not_disclosed_is_never_nought(cell: str) -> None:
    assert amount(cell) is Absent.NOT_DISCLOSED


@pytest.mark.parametrize("cell", [None, "", "  ", float("nan")])
def test_an_empty_cell_says_nothing(cell: object) -> None:
    assert amount(cell) is Absent.EMPTY


@pytest.mark.parametrize("cell", ["about ten", "12/13", "1-2", True])
def test_it_refuses_what_is_no_number(cell: object) -> None:
    with pytest.raises(NotANumber):
        amount(cell)


def test_about_is_kept() -> None:
    assert amount("~ 500,000") == Amount(Decimal(500_000), is_approximate=True)
    assert amount("102000 (e)") == Amount(Decimal(102_000), is_approximate=True)
