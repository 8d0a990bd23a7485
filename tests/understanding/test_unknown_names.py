import pytest

from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.understanding.facts import Hints
from impact.understanding.unknown_names import can_be_a_name, stands_in, unknown_name
from tests.builders import NOW

GAZETTEER = Gazetteer([NamedPlace("place", 1, "Koidu", (), "SL", -10.9, 8.6, 5_000.0, 80_000)])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Soldiers beat two men in Kwashikoro yesterday", "Kwashikoro"),
        ("des militaires ont battu deux creuseurs à Bakwa Mulumbi hier", "Bakwa Mulumbi"),
        ("mataram um homem na aldeia de Xamiquelengue", "Xamiquelengue"),
        ("wamepiga watu katika kijiji cha Mwanzugi", "Mwanzugi"),
        ("Soldiers beat two men in Koidu yesterday", ""),
        ("soldiers beat two men in the morning", ""),
        ("", ""),
    ],
)
def test_the_name_that_the_gazetteer_lacks(text: str, name: str) -> None:
    assert unknown_name(text, Hints(NOW, "SL"), GAZETTEER) == name


def test_words_stand_in_a_text_in_their_order() -> None:
    assert stands_in("bakwa mulumbi", "à Bakwa-Mulumbí hier")
    assert not stands_in("mulumbi bakwa", "à Bakwa Mulumbi hier")
    assert not stands_in("Mulu", "à Bakwa Mulumbi hier")
    assert not stands_in("", "à Bakwa")


@pytest.mark.parametrize(
    ("words", "can"),
    [
        ("Kwashikoro", True),
        ("mine of Kwashikoro", True),
        ("soldiers", False),
        ("the mine", False),
        ("hier", False),
        ("12", False),
        ("ab", False),
        ("", False),
        ("one two three four Kwashikoro", False),
    ],
)
def test_everyday_words_are_no_names(words: str, can: bool) -> None:
    assert can_be_a_name(words) is can
