import pytest

from impact.understanding.counts import counts_in
from impact.understanding.pairing import paired_counts
from impact.understanding.portions import are_shared, counts_included, without_portions
from tests.understanding.cast import marked


def figures(text: str, firsts: set[int]) -> list[str]:
    return [marked(text, "en").tokens[index].word for index in sorted(firsts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 miners including 2 women and 1 child died", ["2", "1"]),
        ("5 died, among them 2 boys", ["2"]),
        ("aged 8 and 10 died", ["8", "10"]),
        # What is told of them counts them apart.
        ("10 trapped, among them 2 died", []),
        ("5 died. Later 2 boys came", []),
    ],
)
def test_it_finds_the_numbers_that_a_word_leads_in(text: str, expected: list[str]) -> None:
    found = marked(text, "en")
    assert figures(text, counts_included(counts_in(found), found.marks("people"), found)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4 of the 7 suspects", ["7"]), ("9 out of 12 came out", ["12"]), ("4 women of 7 villages", [])],
)
def test_it_finds_the_whole_of_which_a_part_is_counted(text: str, expected: list[str]) -> None:
    found = marked(text, "en")
    assert figures(text, are_shared(counts_in(found), found)) == expected


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("5 people died, 2 of them children", [5]),
        ("5 people (3 women and 2 men) died", [5]),
        ("4 beaten, all 4 hurt", [4]),
        ("3 women and 2 men died", [3, 2]),
        ("Killed: 3. Hurt: 7", [3, 7]),
        ("2 of them died", [2]),
    ],
)
def test_it_leaves_the_whole_out_of_whole_and_part(text: str, left: list[int]) -> None:
    found = marked(text, "en")
    pairs = paired_counts(counts_in(found), found.marks("people"), found)
    assert [count.low for _, count, _ in without_portions(pairs, found)] == left
