"""300 labelled texts, searched with the places that ship with the product.

A third is kept aside: it was looked at once, when the finder stood (numbers 33 of 34: a Portuguese figure was
missing in words), and is not to be looked at again to change the finder.
"""

import pytest

from impact.places.gazetteer import Gazetteer, read_shipped_places
from impact.understanding.redaction import Finding
from tests.understanding.redaction.scoring import NUMBERS, Row, found_in, precision_of, rows_of, score_of

Pairs = list[tuple[Row, tuple[Finding, ...]]]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return found_in(rows_of(), Gazetteer(read_shipped_places()))


def kept_aside(pairs: Pairs) -> Pairs:
    return [pair for pair in pairs if pair[0]["kept_aside"]]


def test_it_is_labelled_letter_by_letter_in_every_language_that_is_read() -> None:
    rows = rows_of()
    assert len(rows) >= 300
    assert sum(row["kept_aside"] for row in rows) >= len(rows) // 3
    assert len({row["text"] for row in rows}) == len(rows)
    assert {row["language"] for row in rows} >= {"en", "fr", "pt", "sw", "ln", "sg", "kri", "sn"}
    for row in rows:
        for label in row["found"]:
            assert row["text"][label["start"] :].startswith(label["words"])


@pytest.mark.parametrize("choose", [list, kept_aside], ids=["all", "kept aside"])
@pytest.mark.parametrize(
    ("kinds", "least"),
    [(NUMBERS, 0.98), (("email",), 0.98), (("name",), 0.9), (("relation",), 0.9), (("large",), 0.6)],
    ids=["numbers", "e-mail", "beside titles", "relations", "names alone"],
)
def test_it_finds_what_identifies(pairs: Pairs, choose: object, kinds: tuple[str, ...], least: float) -> None:
    score = score_of(choose(pairs), *kinds)  # type: ignore[operator]
    assert score.labelled
    assert score.recall >= least, score.missed


def test_it_marks_little_in_vain(pairs: Pairs) -> None:
    precision, vain = precision_of(pairs)
    assert precision >= 0.9, vain


def test_every_language_has_its_names_found(pairs: Pairs) -> None:
    for language in ("en", "fr", "pt", "sw", "ln", "sg", "kri", "sn"):
        of_language = [pair for pair in pairs if pair[0]["language"] == language]
        score = score_of(of_language, "name", "relation")
        assert score.recall >= 0.85, (language, score.missed)
