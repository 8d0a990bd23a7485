import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.conversation.segments import BASIC, EXTENSION, Segments, segments


def test_the_tables_have_the_size_that_the_standard_gives() -> None:
    # 128 codes less the escape; ten characters behind it.
    assert (len(BASIC), len(EXTENSION)) == (127, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Segments("gsm7", 0, 1)),
        ("a" * 160, Segments("gsm7", 160, 1)),
        ("a" * 161, Segments("gsm7", 161, 2)),
        ("a" * 306, Segments("gsm7", 306, 2)),
        ("a" * 307, Segments("gsm7", 307, 3)),
        ("€" * 80, Segments("gsm7", 160, 1)),
        ("€" * 81, Segments("gsm7", 162, 2)),
        ("é" * 160, Segments("gsm7", 160, 1)),
        ("ç" * 70, Segments("ucs2", 70, 1)),
        ("ç" * 71, Segments("ucs2", 71, 2)),
        ("ç" * 135, Segments("ucs2", 135, 3)),
        ("😀" * 35, Segments("ucs2", 70, 1)),
        ("a’b", Segments("ucs2", 3, 1)),
    ],
)
def test_it_counts_septets_units_and_segments(text: str, expected: Segments) -> None:
    assert segments(text) == expected


def test_it_splits_no_character_between_two_parts() -> None:
    # 152 + an escaped pair: the pair moves on whole, and three parts are needed for 306 septets.
    assert segments("a" * 152 + "€" + "a" * 152).count == 3
    # 66 + a surrogate pair, the same.
    assert segments("ç" * 66 + "😀" + "ç" * 66).count == 3


@given(st.text(st.sampled_from(sorted(BASIC)), max_size=500))
def test_a_text_without_extensions_counts_as_one_with_them(text: str) -> None:
    assert segments(text + "€").units == segments(text).units + 2
    assert segments(text).count <= segments(text + "€").count <= segments(text).count + 1


@given(st.text())
def test_it_counts_any_text(text: str) -> None:
    counted = segments(text)
    single, part = (160, 153) if counted.encoding == "gsm7" else (70, 67)
    assert counted.count >= 1
    assert (counted.count == 1) == (counted.units <= single)
    assert counted.units <= max(single, counted.count * part)
