import pytest
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.incidents.models import Evidence, Incident
from impact.moderation.deciding import DecisionRefused, verify_incident
from impact.moderation.ladder import Footing, requirement_of
from impact.vocabulary import Verification
from tests.builders import NOW, make_incident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_sources(settings: Settings) -> None:
    settings.SOURCES_TO_VERIFY = 2


def verify(moderator: User, incident: Incident, reason: str, *, is_partial: bool = False) -> Incident:
    return verify_incident(
        incident=incident, moderator=moderator, reason=reason, expected_version=1, is_partial=is_partial
    )


def test_one_source_and_a_word_do_not_verify(moderator: User) -> None:
    with pytest.raises(DecisionRefused, match="2 independent sources"):
        verify(moderator, make_incident(), "sure")
    assert Incident.objects.get().verification == Verification.UNVERIFIED


def test_a_written_reason_stands_in_and_is_in_the_log(moderator: User) -> None:
    reason = "The monitor was there and counted the dead himself."
    incident = verify(moderator, make_incident(), reason)
    assert incident.verification == Verification.VERIFIED
    assert incident.decisions.get().reason == reason


def test_evidence_carries_the_step(moderator: User) -> None:
    incident = make_incident()
    Evidence.objects.create(
        report=incident.reports.get(),
        sha256="0" * 64,
        size_bytes=1,
        media_type="image/jpeg",
        source="web",
        received_at=NOW,
    )
    assert verify(moderator, incident, "seen").verification == Verification.VERIFIED


def test_the_steps_ask_for_what_the_settings_say(moderator: User, settings: Settings) -> None:
    assert verify(moderator, make_incident(), "ok", is_partial=True).verification == "partially_corroborated"
    settings.SOURCES_TO_CORROBORATE = 2
    with pytest.raises(DecisionRefused):
        verify(moderator, make_incident(), "ok", is_partial=True)
    assert requirement_of(Verification.VERIFIED, Footing(sources=2, evidence=0)).is_met
    assert not requirement_of(Verification.VERIFIED, Footing(sources=1, evidence=0)).is_met
    assert requirement_of(Verification.NOT_SUBSTANTIATED, Footing(sources=0, evidence=0)).is_met
