import unicodedata

import pytest

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.models import Decision
from impact.moderation.refusing import DecisionRefused
from impact.publication.models import KeptMask, PublishedIncident
from impact.publication.previewing import as_if_public
from impact.publication.publishing import propose_publication, publish_incident
from impact.publication.redacting import identifying_in
from impact.publication.wording import copied_words
from tests.publication.test_publishing import verified

pytestmark = pytest.mark.django_db

TEXT = "Two people were killed. Mr Kamara knows more: 077 123 456, or 088 765 432."
FOUND = ("Mr Kamara", "077 123 456", "088 765 432")


def publish(incident: Incident, moderator: User, left: dict[str, str]) -> PublishedIncident:
    return publish_incident(
        incident=incident,
        moderator=moderator,
        text=TEXT,
        reason="safe",
        expected_version=incident.version,
        left=left,
    )


@pytest.mark.parametrize("forgotten", FOUND)
def test_nothing_is_published_with_something_left_for_no_reason(moderator: User, forgotten: str) -> None:
    incident = verified(moderator)
    left = {words: "a public office" for words in FOUND if words != forgotten}
    with pytest.raises(DecisionRefused, match=forgotten):
        publish(incident, moderator, left)
    assert not PublishedIncident.objects.exists()


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Two were killed. قال السيد أحمد موسى ذلك.", "قال السيد أحمد موسى ذلك"),
        ("አቶ ከበደ ተናገሩ። Two were killed.", "አቶ ከበደ ተናገሩ"),
        ("王伟说两人被打死。", "王伟说两人被打死"),
        ("Two men (王伟, 李强) were killed.", "王伟, 李强"),
    ],
)
def test_words_in_which_no_name_can_be_found_are_answered_for(
    moderator: User, written: str, found: str
) -> None:
    incident = verified(moderator)
    with pytest.raises(DecisionRefused, match=found):
        propose_publication(
            incident=incident,
            moderator=moderator,
            text=written,
            reason="safe",
            expected_version=incident.version,
        )
    assert not identifying_in("Deux personnes ont été tuées, ª º.", "CF")
    propose_publication(
        incident=incident,
        moderator=moderator,
        text=written,
        reason="safe",
        expected_version=incident.version,
        left={one.words: "a colleague read it" for one in identifying_in(written, incident.country)},
    )


@pytest.mark.parametrize(
    "written",
    [
        "Two people were killed. Mr Kama\u200bra knows more.",
        "Two people were killed. \u202eMr Kama\u00adra\u202c knows.",
    ],
)
def test_what_is_not_seen_hides_no_name_and_is_not_published(moderator: User, written: str) -> None:
    def publish_written(incident: Incident, left: dict[str, str]) -> PublishedIncident:
        return publish_incident(
            incident=incident,
            moderator=moderator,
            text=written,
            reason="safe",
            expected_version=incident.version,
            left=left,
        )

    incident = verified(moderator)
    with pytest.raises(DecisionRefused, match="Mr Kamara"):
        publish_written(incident, {})
    assert publish_written(incident, {"Mr Kamara": "a public office"}).text.isascii()


def test_the_reporters_words_are_known_through_accents_and_what_is_not_seen(moderator: User) -> None:
    said = "Les militaires ont tué deux creuseurs près de la rivière hier soir"
    for copied in (
        said.replace("é", "e").replace("è", "e"),
        said.replace("deux", "de\u200bux").replace("hier", "hi\u00ader"),
        unicodedata.normalize("NFD", said),
    ):
        assert copied_words(copied, said)


def test_the_reason_for_each_thing_left_is_in_the_log(moderator: User) -> None:
    left = {words: f"{words} is an office" for words in FOUND}
    assert publish(verified(moderator), moderator, left).text == TEXT
    logged = Decision.objects.latest("sequence")
    assert (logged.action, logged.after["left_in_text"]) == ("publish", left)


def test_a_look_at_the_public_page_writes_nothing(moderator: User) -> None:
    incident = verified(moderator)
    with as_if_public(incident, "Two people were killed.") as published:
        assert published is not None
        assert published.text == "Two people were killed."
    assert not PublishedIncident.objects.exists()
    assert not KeptMask.objects.exists()
