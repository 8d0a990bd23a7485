"""Towns beside mines as people spell them, read with the places that ship with the product."""

import pytest

from impact.places.gazetteer import Gazetteer, NamedPlace, read_shipped_places
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from tests.builders import NOW


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(read_shipped_places())


@pytest.mark.parametrize(
    ("country", "text", "name"),
    [
        ("SL", "soldiers beat two men at koido", "Koidu"),
        ("SL", "they shot at people in Koydu", "Koidu"),
        ("SL", "police beat us in kenima", "Kenema"),
        ("CD", "ils ont frappé deux hommes à Tchikapa", "Tshikapa"),
        ("CD", "ils ont frappé deux hommes à chikapa", "Tshikapa"),
        ("CD", "deux hommes frappés à mbuji may", "Mbuji-Mayi"),
        ("CD", "deux hommes frappés à Mbujimayi", "Mbuji-Mayi"),
        ("CD", "deux hommes tués à Kolwesi", "Kolwezi"),
        ("CD", "deux hommes tués à Colwezi", "Kolwezi"),
        ("CD", "deux hommes tués à Kamitouga", "Kamituga"),
        ("CD", "deux hommes tués à la carrière de Roubaya", "Rubaya"),
        ("CD", "deux hommes tués au village de Miaby", "Miabi"),
        ("CF", "deux hommes tués à Bambary", "Bambari"),
        ("CF", "deux hommes tués à Samouandja", "Sam Ouandja"),
        ("AO", "dois homens mortos em Lukapa", "Lucapa"),
        ("AO", "dois homens mortos em Kafunfu", "Cafunfo"),
        ("MZ", "dois homens mortos em Montepues", "Montepuez"),
        ("TZ", "wameua watu wawili Mwadwi", "Mwadui"),
        ("TZ", "wameua watu wawili Geyta", "Geita"),
        ("ZW", "two men beaten at Chiyadzwa", "Chiadzwa"),
        ("ZW", "two men beaten in Shurugwe", "Shurugwi"),
        ("GN", "deux hommes tués à Banancoro", "Banankoro"),
        ("ZA", "two men beaten in Kimberly", "Kimberley"),
    ],
)
def test_a_misspelt_town_is_found(gazetteer: Gazetteer, country: str, text: str, name: str) -> None:
    place = read_text(text, Hints(NOW, country), gazetteer).place
    assert place is not None
    assert name in place.name


@pytest.mark.parametrize("text", ["soldiers beat two men at koido", "they came to boida and beat us"])
def test_a_short_word_is_not_taken_for_a_village(text: str) -> None:
    villages = Gazetteer(
        NamedPlace("place", number, name, (), "SL", -11.0, 8.6, 2_000.0, 900)
        for number, name in enumerate(("Koidu", "Boidu"))
    )
    assert read_text(text, Hints(NOW, "SL"), villages).place is None
