import pytest

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.models import Decision
from impact.moderation.refusing import DecisionRefused
from impact.publication.models import KeptMask, PublishedIncident
from impact.publication.previewing import as_if_public
from impact.publication.publishing import publish_incident
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
