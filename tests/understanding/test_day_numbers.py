import pytest

from impact.understanding.counts import counts_in
from impact.understanding.day_numbers import counts_people, is_of_date
from tests.understanding.cast import marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 3 to 4 November", [True, True]),
        ("3rd and 4th of November", [True, True]),
        ("Jan 5 2026", [True, True]),
        ("since 2012", [True]),
        ("In June 5 kids died", [False]),
        ("12 died in March", [False]),
        ("2012 people fled", [False]),
    ],
)
def test_it_tells_days_and_years_from_other_numbers(text: str, expected: list[bool]) -> None:
    found = marked(text, "en")
    assert [is_of_date(count, found) for count in counts_in(found)] == expected


def test_people_follow_their_number() -> None:
    assert counts_people(0, marked("5 kids", "en"))
    assert not counts_people(0, marked("5, kids", "en"))
    assert not counts_people(0, marked("5", "en"))
