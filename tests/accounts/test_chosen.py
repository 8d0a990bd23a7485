import pytest

from impact.accounts.chosen import chosen_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("", 0), ("-1", 0), ("1.5", 0), ("²", 0), ("9" * 18, int("9" * 18)), ("9" * 19, 0)],
)
def test_what_is_no_number_of_a_row_is_that_of_none(text: str, number: int) -> None:
    assert chosen_number(text) == number
