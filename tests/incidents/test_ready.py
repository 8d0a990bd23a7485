import pytest

from impact.incidents.ready import LANGUAGES, checked_by, ready_phrases
from impact.understanding.answers import Asked
from sms_gateway.conversation.gsm7 import unwritable
from sms_gateway.conversation.keywords import all_steering_words, plain_words
from sms_gateway.conversation.phrasebook import LANGUAGES as SPOKEN
from sms_gateway.conversation.segments import segments

CODES = sorted(ready_phrases("en"))


def test_there_are_phrases_in_every_language_that_is_answered() -> None:
    assert set(LANGUAGES) == set(SPOKEN)
    assert all(sorted(ready_phrases(language)) == CODES for language in LANGUAGES)
    assert not any(checked_by(language) for language in LANGUAGES if language != "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_each_is_one_gsm7_segment_behind_a_reference_and_asks_for_no_word_that_is_acted_on(
    language: str, code: str
) -> None:
    text = f"ZZZZ-ZZZZ: {ready_phrases(language)[code].text}"
    assert unwritable(text) == [], f"in {language}.toml, {code}: write the second instead of the first"
    assert segments(text).count == 1
    carriers = {*"stop end quit cancel yes start help info unsubscribe optout revoke arret".split()}
    assert not set(plain_words(text).split()) & (carriers | all_steering_words())


def test_a_question_knows_what_its_answer_is_about() -> None:
    phrases = ready_phrases("fr")
    assert phrases["questions.where"].asked is Asked.WHERE
    assert phrases["questions.now"].asked is None
    assert phrases["outcomes.verified"].is_outcome


def test_a_language_without_phrases_gets_english() -> None:
    assert ready_phrases("lua")["questions.where"].language == "en"
