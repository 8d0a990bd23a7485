import string
import tomllib
from pathlib import Path

import pytest

import sms_gateway.conversation.phrasebook
from impact.incidents.asking import Choice, Question
from impact.incidents.references import ALPHABET
from impact.understanding.answers import Asked
from sms_gateway.conversation.acknowledging import question_line
from sms_gateway.conversation.gsm7 import unwritable
from sms_gateway.conversation.keywords import all_steering_words, plain_words
from sms_gateway.conversation.phrasebook import LANGUAGES, PHRASES, answer_language, phrasebook
from sms_gateway.conversation.segments import segments

LONGEST_REFERENCE = "ZZZZ-ZZZZ"
FOLDER = Path(sms_gateway.conversation.phrasebook.__file__).parent / "phrases"
# What carriers act on, in the messages of anybody: nobody is asked to write these, or shown them as a choice.
CARRIERS = "stop stopall unsubscribe cancel end quit optout revoke start yes unstop help info arret arrete"
QUESTIONS = [asked for asked in Asked if asked is not Asked.WHICH]


def filled(language: str, phrase: str) -> str:
    return str(getattr(phrasebook(language), phrase)).format(
        reference=LONGEST_REFERENCE, choices="1 Mbuji-Mayi 2 Lubumbashi"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_is_one_gsm7_segment(language: str, phrase: str) -> None:
    text = filled(language, phrase)
    assert unwritable(text) == [], f"in {language}.toml, {phrase}: write the second instead of the first"
    assert segments(text).count == 1, f"{language}.toml, {phrase}: {segments(text).units} septets"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", QUESTIONS)
@pytest.mark.parametrize("is_guide", [False, True])
def test_every_question_fits_one_segment_behind_its_opening(
    language: str, asked: Asked, is_guide: bool
) -> None:
    reference = "" if is_guide else LONGEST_REFERENCE
    reply, _choices = question_line(Question(asked), reference, language, opens_guide=is_guide)
    assert (segments(reply.text).encoding, segments(reply.text).count) == ("gsm7", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_choices_are_dropped_until_the_question_fits(language: str) -> None:
    offered = tuple(Choice(f"Mbanza-Ngungu {letter * 8}, Kôngô-Central", 1) for letter in "ABCDEFGH")
    reply, kept = question_line(Question(Asked.WHICH, offered), LONGEST_REFERENCE, language)
    assert 0 < len(kept) < len(offered)
    assert kept == offered[: len(kept)]
    assert (segments(reply.text).encoding, segments(reply.text).count) == ("gsm7", 1)
    assert f"{len(kept)} Mbanza-Ngungu" in reply.text
    assert f"{len(kept) + 1} Mbanza-Ngungu" not in reply.text


def test_a_reference_is_gsm7_whatever_is_drawn() -> None:
    assert segments(ALPHABET + "-").encoding == "gsm7"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_has_nothing_to_fill_in_but_the_reference_and_the_places(language: str, phrase: str) -> None:
    def fields(of: str) -> list[str]:
        written = string.Formatter().parse(str(getattr(phrasebook(of), phrase)))
        return sorted(name for _, name, _, _ in written if name)

    assert fields(language) == fields("en")
    assert set(fields(language)) <= {"reference", "choices"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("phrase", PHRASES)
def test_no_phrase_promises_anonymity_holds_a_link_or_asks_for_a_word_that_is_acted_on(
    language: str, phrase: str
) -> None:
    text = filled(language, phrase)
    lowered = text.lower()
    assert not any(word in lowered for word in ("anon", "http", "www.", ".org", "://"))
    words = set(plain_words(text).split())
    assert not words & set(CARRIERS.split())
    assert not words & all_steering_words()


def test_the_languages_differ_and_each_file_has_the_same_phrases() -> None:
    assert {file.stem for file in FOLDER.glob("*.toml")} == set(LANGUAGES)
    for phrase in ("acknowledgement", "where", "language_set"):
        assert len({getattr(phrasebook(language), phrase) for language in LANGUAGES}) == len(LANGUAGES)
    for language in LANGUAGES:
        assert set(tomllib.loads((FOLDER / f"{language}.toml").read_text())["phrases"]) == set(PHRASES)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_a_file_says_whether_a_native_speaker_has_read_it(language: str) -> None:
    written = (FOLDER / f"{language}.toml").read_text()
    assert phrasebook(language).checked_by or "not yet by a native speaker" in written


@pytest.mark.parametrize(
    ("candidates", "country", "expected"),
    [
        (("sw", "fr"), "CD", "sw"),
        (("und", "pt"), "CD", "pt"),
        (("und", ""), "CD", "fr"),
        (("lua",), "AO", "pt"),
        (("ln",), "AO", "ln"),
        (("",), "TZ", "sw"),
        (("",), "SL", "en"),
        ((), "", "en"),
    ],
)
def test_it_answers_in_the_language_of_the_message_or_of_the_country(
    candidates: tuple[str, ...], country: str, expected: str
) -> None:
    assert answer_language(*candidates, country=country) == expected
