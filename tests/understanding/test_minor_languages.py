"""Lingala, Sango, Krio and Shona: the words that matter, as people text them."""

import pytest

from impact.places.gazetteer import Gazetteer
from impact.understanding.counts import counts_in
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from tests.understanding.cast import FRIDAY, marked, place, read


@pytest.mark.parametrize(
    ("country", "text", "language", "harm", "people", "perpetrator"),
    [
        ("CD", "Lobi na butu basoda babomi bato mibale", "ln", "killing", {"killed": 2}, "army"),
        ("CD", "bato ya kompani bafuti biso te sanza mibale", "ln", "unpaid_wages", {}, "company"),
        ("CD", "mai ya ebale ebebi, mbisi ekufi", "ln", "water_pollution", {}, None),
        ("CD", "bapolisi bakangi bilenge mitano", "ln", "arrest", {"arrested": 5}, "police"),
        ("CF", "Biri aturugu a fa azo use", "sg", "killing", {"killed": 2}, "army"),
        ("CF", "Azo ti ngombe a gbi da ti e na kodro", "sg", "eviction", {}, "armed_group"),
        ("CF", "Du a ti na ndo ti azo ota na chantier, ala kui", "sg", "unsafe_work", {"killed": 3}, None),
        ("SL", "yestade soja dem kil tu man", "kri", "killing", {"killed": 2}, "army"),
        ("SL", "di kompni nɔ pe wi fɔ tri mɔnt", "kri", "unpaid_wages", {}, "company"),
        ("SL", "polis de tek moni pan wi ev de", "kri", "extortion", {}, "police"),
        ("SL", "sikyuriti shut wan man na in fut", "kri", "injury", {"injured": 1}, "private_security"),
        ("SL", "den tek mi padi go na polis stesin", "kri", "arrest", {}, "police"),
        ("ZW", "mapurisa akabata vakomana vaviri", "sn", "arrest", {"arrested": 2}, "police"),
        ("ZW", "foni yake yakadzimwa, haasati adzoka", "sn", "disappearance", {}, None),
        ("ZW", "vanhu vatanhatu vachiri pasi pevhu", "sn", "unsafe_work", {"affected": 6}, None),
        ("ZW", "Nezuro masoja akauraya vakomana vaviri", "sn", "killing", {"killed": 2}, "army"),
        ("ZW", "mugodhi wakawondomoka, vanhu vatatu vakafa", "sn", "unsafe_work", {"killed": 3}, None),
        (
            *("ZW", "Mapurisa akasunga vanhu makumi maviri nevashanu", "sn"),
            *("arrest", {"arrested": 25}, "police"),
        ),
    ],
)
def test_it_reads_what_happened(
    country: str, text: str, language: str, harm: str, people: dict[str, int], perpetrator: str | None
) -> None:
    understanding = read(text, country)
    assert understanding.language == language
    assert understanding.harms[0].harm == harm
    assert {found.kind: found.low for found in understanding.people} == people
    assert (understanding.perpetrator and understanding.perpetrator.kind) == perpetrator


@pytest.mark.parametrize(
    ("country", "text"),
    [
        ("CD", "basoda bakoboma biso"),
        ("CD", "lobi ekoya bakobengana biso"),
        ("ZW", "masoja vachatiuraya"),
        ("TZ", "askari watatuua"),
    ],
)
def test_it_tells_a_threat_from_a_deed_by_the_verb(country: str, text: str) -> None:
    assert [found.harm for found in read(text, country).harms] == ["threats"]


@pytest.mark.parametrize(
    ("country", "text"),
    [("CD", "moto moko akufi te"), ("CF", "zo oko a kui pepe"), ("ZW", "hapana munhu akafa")],
)
def test_it_sees_a_negation_before_and_after(country: str, text: str) -> None:
    assert "killing" not in [found.harm for found in read(text, country).harms]


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("sw", "watu mia mbili", 200),
        ("sw", "watu ishirini na tano", 25),
        ("ln", "bato ntuku mibale na mitano", 25),
        ("sg", "azo bale use na oku", 25),
        ("kri", "twenti fayv man", 25),
        ("sn", "vanhu makumi maviri nevashanu", 25),
    ],
)
def test_it_reads_numbers_that_begin_with_the_tens(language: str, text: str, number: int) -> None:
    assert [count.low for count in counts_in(marked(text, language))] == [number]


def test_a_number_after_months_counts_no_people() -> None:
    assert read("wachimbaji hawajalipwa miezi mitatu", "TZ").people == ()


@pytest.mark.parametrize(
    ("country", "text"), [("ZW", "Mhoro makadii"), ("CF", "Balao ita"), ("SL", "kushe o")]
)
def test_a_greeting_is_no_report(country: str, text: str) -> None:
    assert not read(text, country).is_report


def test_a_locative_is_parted_from_its_name() -> None:
    place = read("masoja akarova vanhu kuKoidu", "SL").place
    assert place
    assert place.name == "Koidu"


@pytest.mark.parametrize(
    "text",
    [
        "masoja akarova vanhu kuChiadzwa",
        "masoja akarova vanhu kuchiadzwa",
        "MASOJA AKAROVA VANHU KUCHIADZWA",
        "masoja akarova vanhu pamugodhi weChiadzwa",
    ],
)
def test_a_name_is_found_behind_what_it_is_written_together_with(text: str) -> None:
    gazetteer = Gazetteer([place(31, "Chiadzwa", "ZW", 32.35, -19.62)])
    found = read_text(text, Hints(FRIDAY, "ZW"), gazetteer).place
    assert found
    assert found.name == "Chiadzwa"
