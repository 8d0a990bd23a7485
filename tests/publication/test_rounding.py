from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from impact.publication.suppression import (
    MINIMUM,
    attainable,
    hides_total,
    shown_count,
    shown_sum,
    suppress_row,
    suppress_table,
)


def test_a_count_from_one_to_four_is_hidden_and_one_more_beside_it() -> None:
    assert suppress_row({"CD": 3, "CF": 9, "SL": 40}) == {"CD": None, "CF": None, "SL": 40}
    assert suppress_row({"CD": 5, "CF": 9}) == {"CD": 5, "CF": 9}
    assert suppress_row({"CD": 0, "CF": 9}) == {"CD": 0, "CF": 9}


def test_a_row_that_is_small_altogether_has_no_total() -> None:
    assert suppress_row({"CD": 1, "CF": 2}) == {"CD": None, "CF": None}
    assert hides_total({"CD": 1, "CF": 2})
    assert not hides_total({"CD": 3, "CF": 2})


tables = st.integers(2, 5).flatmap(
    lambda rows: st.integers(2, 5).flatmap(
        lambda columns: st.lists(
            st.one_of(st.integers(0, 8), st.integers(0, 60)), min_size=rows * columns, max_size=rows * columns
        ).map(lambda counts: dict(zip(product("abcde"[:rows], "vwxyz"[:columns]), counts, strict=True)))
    )
)


@settings(max_examples=12, deadline=None)
@given(tables)
def test_no_subtraction_narrows_a_small_count(cells: dict[tuple[str, str], int]) -> None:
    shown = suppress_table(cells)
    hidden = {cell for cell, count in shown.items() if count is None}
    assert all(0 in (count,) or count >= MINIMUM for count in shown.values() if count is not None)
    assert all(shown[cell] in (None, count) for cell, count in cells.items())
    if hidden != set(cells):  # where everything is hidden there is nothing to subtract but the totals
        for cell, (lowest, highest) in attainable(cells, hidden).items():
            if 0 < cells[cell] < MINIMUM and sum(cells.values()) >= 2 * MINIMUM:
                line = sum(count for other, count in cells.items() if other in hidden and other[0] == cell[0])
                assert highest - lowest >= min(MINIMUM, line)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500)), st.data())
def test_whatever_is_subtracted_only_fives_come_out(base: dict[str, int], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(base)))) if base else set()
    part = {key: count for key, count in base.items() if key in chosen}
    assert (shown_sum(base) - shown_sum(part)) % MINIMUM == 0
    assert shown_sum(part) == sum(shown_count(base[key]) for key in chosen)
    assert all(0 <= count - shown_count(count) < MINIMUM for count in base.values())
