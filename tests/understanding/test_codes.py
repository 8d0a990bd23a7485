import pytest

from impact.understanding.codes import coded_text
from tests.understanding.cast import read, words


def test_it_reads_every_field() -> None:
    text = "VIOL#Koidu#14/11#3 wounded#soldiers"
    found = read(text, "SL")
    assert [str(harm.harm) for harm in found.harms] == ["injury"]
    assert found.place
    assert found.place.name == "Koidu"
    assert found.occurred
    assert found.occurred.from_on.isoformat() == "2026-11-14"
    assert {people.kind: people.low for people in found.people} == {"injured": 3}
    assert found.perpetrator
    assert found.perpetrator.kind == "army"
    assert words(text, found.place.spans) == ["Koidu"]
    assert words(text, found.people[0].spans) == ["3", "wounded"]


@pytest.mark.parametrize(
    "text",
    [
        "VIOL#Koidu#14/11#2 dead",
        "viol*koidu*14/11*2 dead",
        "VIOL;Koidu;2 dead;14/11",
        "VIOL,Koidu,14/11,2 dead",
        "VIOL/Koidu/14/11/2 dead",
        "VIOL\nKoidu\n14/11\n2 dead",
        "Koidu#2 dead#14/11#VIOL",
        "#VIOL#Koidu##14/11#2 dead#",
        "KILL # Koidu # 14/11 # 2 dead",
    ],
)
def test_it_takes_any_separator_and_any_order(text: str) -> None:
    found = read(text, "SL")
    assert found.is_report
    assert found.harms[0].harm == "killing"
    assert found.place
    assert found.place.name == "Koidu"
    assert found.occurred
    assert found.occurred.from_on.isoformat() == "2026-11-14"
    assert {people.kind: people.low for people in found.people} == {"killed": 2}


@pytest.mark.parametrize(
    ("country", "text", "harm"),
    [
        ("CD", "EAU#Tshikapa", "water_pollution"),
        ("CD", "VIOL#Tshikapa#arrestation", "arrest"),
        ("AO", "TAXA#Cafunfo#militares", "extortion"),
        ("TZ", "MAGENDO#Mwadui", "smuggling"),
        ("SL", "ENV#Kenema", "water_pollution"),
        ("SL", "LAB#Kenema#children digging", "child_labour"),
    ],
)
def test_it_knows_the_code_words_of_each_language(country: str, text: str, harm: str) -> None:
    found = read(text, country)
    assert found.harms[0].harm == harm
    assert found.place


def test_a_theme_alone_is_less_sure_than_a_harm() -> None:
    assert read("ENV#Kenema", "SL").harms[0].confidence < read("WATER#Kenema", "SL").harms[0].confidence


@pytest.mark.parametrize(
    "text",
    [
        "Dial *131# for credit",
        "they came to kill, burn and loot",
        "He said: pay, or leave",
        "call #12",
        "no code here",
        "1/2/2026, we met",
    ],
)
def test_a_plain_sentence_is_not_coded(text: str) -> None:
    assert coded_text(text) is None
