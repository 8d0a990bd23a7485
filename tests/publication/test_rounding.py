from hypothesis import given
from hypothesis import strategies as st

from impact.publication.rounding import MINIMUM, shown_count


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 500)), st.data())
def test_whatever_is_subtracted_only_fives_come_out(base: dict[str, int], data: st.DataObject) -> None:
    chosen = data.draw(st.sets(st.sampled_from(sorted(base)))) if base else set()
    total = sum(shown_count(count) for count in base.values())
    part = sum(shown_count(base[key]) for key in chosen)
    assert (total - part) % MINIMUM == 0
    assert all(0 <= count - shown_count(count) < MINIMUM for count in base.values())
