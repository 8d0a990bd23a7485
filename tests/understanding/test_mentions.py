import pytest

from impact.understanding.mentions import Mention, find_mentions
from tests.understanding.cast import GAZETTEER, marked


def mentions(text: str, *home: str, is_foreign: bool = False) -> list[Mention]:
    return find_mentions(marked(text), GAZETTEER, frozenset(home), is_foreign=is_foreign)


def names(text: str, *home: str) -> list[str]:
    return [mention.matches[0].place.name for mention in mentions(text, *home)]


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("beaten at Koidu", "", ["Koidu"]),
        ("beaten in KOIDU", "", ["Koidu"]),
        ("à Mbuji-Mayi", "", ["Mbuji-Mayi"]),
        ("a mbujimayi hier", "CD", ["Mbuji-Mayi"]),
        ("koidu soldiers beat us", "SL", ["Koidu"]),
        ("la mine de Bakwanga", "", ["Mbuji-Mayi"]),
        ("soldiers in Bo", "SL", ["Bo"]),
        ("à Tshikpa", "CD", ["Tshikapa"]),
        ("huko Mwadui", "TZ", ["Mwadui"]),
        ("em Cafunfu", "AO", ["Cafunfo"]),
        ("à Man", "CI", ["Man"]),
        # What introduces a name ends with its sentence, a title with a pause.
        ("payer le commandant. Tshikapa", "CD", ["Tshikapa"]),
        ("ils ont pris mon père, Boda", "CF", ["Boda"]),
    ],
)
def test_it_finds_names(text: str, home: str, expected: list[str]) -> None:
    assert names(text, home) == expected


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("a man was beaten", "CI"),
        ("Man beaten", "CI"),
        ("bo", ""),
        ("Mr Boda came", "CF"),
        ("colonel Koidu came", "SL"),
        ("Col. Koidu came", "SL"),
        ("on Koidu street", "SL"),
        ("koidu soldiers beat us", "CD"),
        ("at Kondu", ""),
        ("in the chantier", "CD"),
        ("in the boda of things", "CF"),
        ("", "SL"),
    ],
)
def test_it_does_not_take_other_words_for_places(text: str, home: str) -> None:
    assert names(text, home) == []


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("at Koidu", "at"),
        ("near Koidu", "near"),
        ("near the village of Koidu", "near"),
        ("the mine of Koidu", "mine_of"),
        ("they fled to Koidu", "away"),
        ("people from Koidu", "away"),
        ("Koidu is burning", ""),
    ],
)
def test_it_hears_how_a_name_is_introduced(text: str, cue: str) -> None:
    assert [mention.cue for mention in mentions(text, "SL")] == [cue]


@pytest.mark.parametrize(
    ("text", "language", "other", "home"),
    # Portuguese "preso", Swahili "kaya".
    [("soldiers came, Prestea", "en", "pt", "GH"), ("les soldats sont venus, Kaya", "fr", "sw", "BF")],
)
def test_a_town_at_home_may_be_called_like_a_word_of_a_language_that_is_not_spoken(
    text: str, language: str, other: str, home: str
) -> None:
    assert find_mentions(marked(text, language), GAZETTEER, frozenset({home}), is_foreign=False)
    assert not find_mentions(marked(text, language, other), GAZETTEER, frozenset({home}), is_foreign=False)


def test_it_takes_no_misspelling_in_a_foreign_language() -> None:
    assert mentions("nan Tshikpa", "CD", is_foreign=True) == []


def test_it_takes_the_longest_name() -> None:
    assert [(m.first, m.last) for m in mentions("in Mbuji Mayi today", "CD")] == [(1, 2)]
