"""Symbols: their area goes with the count, at every density, and none is too small or too large to read."""

from collections import Counter
from typing import Any

import pytest

from impact.summaries.maps.extent import Extent
from impact.summaries.maps.incidents import BINS, SymbolScale, spots_frame, squares, symbol_scale

AFRICA = Extent((-15.0, -35.0, 40.0, 20.0), 1.2)
SQUARE_POINTS = 17.0


def records(*spots: tuple[str, float, float]) -> Any:
    return [{"theme": theme, "lon": longitude, "lat": latitude} for theme, longitude, latitude in spots]


def test_incidents_of_one_spot_are_one_row_with_their_count() -> None:
    nowhere: Any = {"theme": "other", "lon": None}
    frame = spots_frame([*records(*[("violence", 20.8, -6.4)] * 3, ("labour", 20.8, -6.4)), nowhere])
    assert sorted(zip(frame["theme"], frame["count"], strict=True)) == [("labour", 1), ("violence", 3)]


def test_what_is_near_on_the_sheet_is_drawn_together_in_its_middle() -> None:
    frame = spots_frame(
        records(*[("violence", 20.8, -6.4)] * 3, ("violence", 20.9, -6.4), ("labour", 0.0, 9.0))
    )
    near, far = sorted(squares(AFRICA, frame, BINS), key=lambda square: -square.by_theme.total())
    assert (near.by_theme, far.by_theme) == (Counter(violence=4), Counter(labour=1))
    x0, x1 = AFRICA.project(20.8, -6.4)[0], AFRICA.project(20.9, -6.4)[0]
    assert near.x == pytest.approx((3 * x0 + x1) / 4)


@pytest.mark.parametrize("most", [1, 3, 50, 2000, 100_000])
def test_area_is_in_proportion_and_the_largest_is_no_wider_than_some_squares(most: int) -> None:
    scale = symbol_scale(most, SQUARE_POINTS)
    assert scale.size(most) ** 0.5 <= 2 * SQUARE_POINTS
    assert scale.size(1) >= 12
    for count in range(scale.smallest + 1, most + 1, max(1, most // 7)):
        assert scale.size(count) == pytest.approx(count * scale.area)
    small, middle, large = scale.examples
    assert small < middle < large
    assert 300 < scale.size(large) < 1500


def test_a_sparse_map_has_symbols_that_can_be_told_apart() -> None:
    assert symbol_scale(3, SQUARE_POINTS) == SymbolScale()
    assert SymbolScale().size(4) == 4 * SymbolScale().size(1)
    assert SymbolScale().smallest == 1
