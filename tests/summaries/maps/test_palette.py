from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.summaries.maps.palette import AREA_STYLES, RAMP, THEME_MARKS, class_labels, class_starts, shade
from impact.vocabulary import AreaKind, Theme


def grey(colour: str) -> float:
    red, green, blue = (int(colour[index : index + 2], 16) for index in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_the_ramp_darkens_step_by_step_in_grey() -> None:
    greys = [grey(colour) for colour in RAMP]
    assert all(lighter - darker > 25 for lighter, darker in pairwise(greys))


def test_themes_differ_in_shape_and_every_word_has_a_mark() -> None:
    assert set(THEME_MARKS) == set(Theme)
    assert len({shape for shape, _colour in THEME_MARKS.values()}) == len(Theme)
    assert set(AREA_STYLES) == set(AreaKind)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=50))
def test_more_is_never_lighter(counts: list[int]) -> None:
    starts = class_starts(counts)
    assert starts[0] == 1
    assert len(starts) <= len(RAMP)
    shades = [RAMP.index(shade(count, starts)) for count in sorted(counts)]
    assert shades == sorted(shades)


@pytest.mark.parametrize(
    ("counts", "labels"),
    [([1], ["1"]), ([3], ["1", "2 +"]), ([7], ["1", "2–4", "5 +"]), ([12], ["1", "2–4", "5–9", "10 +"])],
)
def test_classes_say_which_counts_they_hold(counts: list[int], labels: list[str]) -> None:
    assert class_labels(class_starts(counts)) == labels
