from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from impact.incidents.references import (
    ALPHABET,
    follow_up_code,
    follow_up_digest,
    is_reference,
    new_reference,
)


def test_a_new_reference_has_a_right_check_character_and_no_confusing_letters() -> None:
    for _ in range(200):
        reference = new_reference()
        assert len(reference) == 9
        assert is_reference(reference)
        assert is_reference(reference.lower().replace("-", " "))
        assert not set("01ILOU") & set(reference)


def test_every_letter_is_drawn_at_every_place() -> None:
    drawn = [new_reference().replace("-", "")[:7] for _ in range(3000)]
    assert all(set(letters) == set(ALPHABET) for letters in zip(*drawn, strict=True))


@given(st.integers(0, 7), st.sampled_from(ALPHABET))
def test_it_notices_one_wrong_character(position: int, character: str) -> None:
    plain = new_reference().replace("-", "")
    changed = plain[:position] + character + plain[position + 1 :]
    assert is_reference(changed) == (changed == plain)


@given(st.text(max_size=20))
def test_it_never_raises_on_other_text(text: str) -> None:
    assert is_reference(text) in (True, False)


def test_a_follow_up_code_is_the_same_for_a_report_and_long_enough() -> None:
    report_id = uuid4()
    code = follow_up_code(report_id)
    assert code == follow_up_code(report_id) != follow_up_code(uuid4())
    assert len(code.replace("-", "")) == 24
    assert follow_up_digest(code.lower().replace("-", "")) == follow_up_digest(code)
