import string

import pytest

from impact.incidents.references import ALPHABET
from sms_gateway.phrasebook import LANGUAGES, answer_language, phrasebook
from sms_gateway.segments import segments

LONGEST_REFERENCE = "WWWW-WWWW"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", ["acknowledgement", "help"])
def test_every_phrase_is_one_gsm7_segment(language: str, phrase: str) -> None:
    text = getattr(phrasebook(language), phrase).format(reference=LONGEST_REFERENCE)
    counted = segments(text)
    assert (counted.encoding, counted.count) == ("gsm7", 1)


def test_a_reference_is_gsm7_whatever_is_drawn() -> None:
    assert segments(ALPHABET + "-").encoding == "gsm7"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_acknowledgement_has_the_reference_and_nothing_else_to_fill_in(language: str) -> None:
    fields = [
        name for _, name, _, _ in string.Formatter().parse(phrasebook(language).acknowledgement) if name
    ]
    assert fields == ["reference"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_promises_anonymity_or_holds_a_link_or_a_word_that_carriers_act_on(language: str) -> None:
    for text in (phrasebook(language).acknowledgement, phrasebook(language).help):
        lowered = text.lower()
        assert not any(word in lowered for word in ("anon", "http", "www", ".org", "/"))
        assert not {"stop", "end", "quit", "cancel", "help", "info", "start", "yes"} & set(lowered.split())


def test_the_languages_differ() -> None:
    assert len({phrasebook(language).acknowledgement for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize(
    ("candidates", "country", "expected"),
    [
        (("sw", "fr"), "CD", "sw"),
        (("und", "pt"), "CD", "pt"),
        (("und", ""), "CD", "fr"),
        (("ln",), "AO", "pt"),
        (("",), "TZ", "sw"),
        (("",), "SL", "en"),
        ((), "", "en"),
    ],
)
def test_it_answers_in_the_language_of_the_message_or_of_the_country(
    candidates: tuple[str, ...], country: str, expected: str
) -> None:
    assert answer_language(*candidates, country=country) == expected
