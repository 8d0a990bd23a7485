import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.conversation.gsm7 import to_gsm7, unwritable
from sms_gateway.conversation.segments import segments


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mbuji-Mayi", "Mbuji-Mayi"),
        ("forêt", "foret"),
        ("façade", "facade"),
        ("São Tomé", "Sao Tomé"),
        ("ɛp wɔd ŋ", "ep wod ng"),
        ("l’œil… “non” – si", 'l\'oeil... "non" - si'),
        ("Ndélé", "Ndélé"),
        ("中", "?"),
    ],
)
def test_letters_that_the_alphabet_lacks_are_written_with_those_that_it_has(text: str, written: str) -> None:
    assert to_gsm7(text) == written


def test_it_says_which_letter_breaks_it_and_what_to_write() -> None:
    assert unwritable("la forêt brûlée") == [("ê", "e"), ("û", "u")]
    assert unwritable("plain") == []


@given(st.text(max_size=100))
def test_what_was_written_fits_the_alphabet_and_stays_as_it_is(text: str) -> None:
    written = to_gsm7(text)
    assert segments(written).encoding == "gsm7"
    assert to_gsm7(written) == written
