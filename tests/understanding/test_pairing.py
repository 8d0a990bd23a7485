import pytest

from impact.understanding.counts import counts_in
from impact.understanding.pairing import paired_counts
from tests.understanding.cast import marked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 killed and 3 wounded", [(2, "killed"), (3, "injured")]),
        ("killed 2 and wounded 3", [(2, "killed"), (3, "injured")]),
        ("Three dead, five hurt.", [(3, "killed"), (5, "injured")]),
        ("They attacked us. At least 29 people, also children, were killed", [(29, "killed")]),
        ("two girls who sell food beside the old quarry in Moroto were beaten", [(2, "injured")]),
        ("a 34 year old man was beaten", [(1, "injured")]),
    ],
)
def test_it_gives_each_number_its_kind(text: str, expected: list[tuple[int, str]]) -> None:
    found = marked(text, "en")
    counts = [count for count in counts_in(found) if count.low != 34]
    pairs = paired_counts(counts, found.marks("people"), found)
    assert [(count.low, kind.label.name) for _, count, kind in pairs] == expected
