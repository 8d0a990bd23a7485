"""Two people for verified and for public, held below every page."""

import threading

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from impact.accounts.models import Membership, Organisation, Role, User, default_organisation
from impact.incidents.models import Incident
from impact.moderation.deciding import (
    Correction,
    DecisionRefused,
    StaleIncident,
    correct_incident,
    grade_incident,
    reject_incident,
    verify_incident,
)
from impact.moderation.models import Decision, Proposal
from impact.publication.models import PublishedIncident
from impact.publication.publishing import propose_publication, publish_incident
from impact.vocabulary import Credibility, Harm, Reliability, Verification
from tests.builders import make_incident, make_moderator, make_organisation, make_senior

pytestmark = pytest.mark.django_db
WORDS = "Several people were beaten at an artisanal site."


@pytest.fixture(autouse=True)
def _two_people(settings: Settings) -> None:
    settings.TWO_PERSON = True


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def verify(incident: Incident, moderator: User) -> Incident:
    incident = fresh(incident)
    return verify_incident(
        incident=incident, moderator=moderator, reason="two nurses say so", expected_version=incident.version
    )


def propose(incident: Incident, moderator: User, text: str = WORDS) -> Incident:
    incident = fresh(incident)
    return propose_publication(
        incident=incident, moderator=moderator, text=text, reason="safe", expected_version=incident.version
    )


def publish(incident: Incident, moderator: User, text: str = WORDS) -> PublishedIncident:
    incident = fresh(incident)
    return publish_incident(
        incident=incident, moderator=moderator, text=text, reason="safe", expected_version=incident.version
    )


def give(user: User, role: Role, organisation: Organisation) -> None:
    Membership.objects.create(user=user, role=role, organisation=organisation)


def beating() -> Incident:
    return make_incident(harms=("injury",), people={})


def test_the_first_word_is_a_proposal_and_another_persons_word_makes_it_so(
    moderator: User, second_moderator: User
) -> None:
    incident = verify(beating(), moderator)
    assert incident.verification == Verification.UNDER_VERIFICATION
    with pytest.raises(DecisionRefused, match="another moderator"):
        verify(incident, moderator)
    assert verify(incident, second_moderator).verification == Verification.VERIFIED
    assert not Proposal.objects.exists()
    assert list(Decision.objects.values_list("moderator__username", flat=True)) == [
        "moderator",
        "second-moderator",
    ]


def test_partial_corroboration_takes_one(moderator: User) -> None:
    incident = verify_incident(
        incident=beating(), moderator=moderator, reason="one nurse", expected_version=1, is_partial=True
    )
    assert incident.verification == Verification.PARTIALLY_CORROBORATED


def test_nothing_is_public_by_one_person(moderator: User, second_moderator: User) -> None:
    incident = verify(verify(beating(), moderator), second_moderator)
    with pytest.raises(DecisionRefused, match="takes two people"):
        publish(incident, moderator)
    propose(incident, moderator)
    with pytest.raises(DecisionRefused, match="yourself"):
        publish(incident, moderator)
    assert not PublishedIncident.objects.exists()
    assert fresh(incident).publication == "internal"
    publish(incident, second_moderator)
    assert fresh(incident).publication == "public"


def test_only_the_proposed_words_are_published(moderator: User, second_moderator: User) -> None:
    incident = verify(verify(beating(), moderator), second_moderator)
    propose(incident, moderator)
    with pytest.raises(DecisionRefused, match="not the words"):
        publish(incident, second_moderator, f"{WORDS} And more.")
    propose(incident, second_moderator, f"{WORDS} And more.")
    publish(incident, moderator, f"{WORDS} And more.")


def test_a_correction_withdraws_what_was_proposed(moderator: User, second_moderator: User) -> None:
    incident = verify(verify(beating(), moderator), second_moderator)
    incident = propose(incident, moderator)
    correct_incident(
        incident=incident,
        moderator=moderator,
        correction=Correction(harms=(Harm.INJURY, Harm.THREATS)),
        reason="threats too",
        expected_version=incident.version,
    )
    with pytest.raises(DecisionRefused, match="takes two people"):
        publish(incident, second_moderator)
    assert Decision.objects.last().before["proposed"] == [f"publish:{moderator.pk}"]  # type: ignore[union-attr]


def test_an_honest_end_withdraws_what_was_proposed(moderator: User, second_moderator: User) -> None:
    incident = verify(beating(), moderator)
    incident = reject_incident(
        incident=incident,
        moderator=second_moderator,
        outcome=Verification.NOT_SUBSTANTIATED,
        reason="nobody saw it",
        expected_version=incident.version,
    )
    assert not Proposal.objects.exists()
    assert verify(incident, second_moderator).verification == Verification.NOT_SUBSTANTIATED
    assert Proposal.objects.get().proposed_by == second_moderator


def test_it_may_be_prepared_while_its_verification_is_proposed_but_not_published(
    moderator: User, second_moderator: User
) -> None:
    incident = beating()
    with pytest.raises(DecisionRefused, match="Verify it first"):
        propose(incident, moderator)
    incident = propose(verify(incident, moderator), moderator)
    with pytest.raises(DecisionRefused, match="Verify it first"):
        publish(incident, second_moderator)
    publish(verify(incident, second_moderator), second_moderator)


def test_a_killing_needs_a_senior_among_the_two(
    moderator: User, second_moderator: User, senior: User
) -> None:
    incident = verify(make_incident(harms=("killing",)), moderator)
    with pytest.raises(DecisionRefused, match="senior"):
        verify(incident, second_moderator)
    incident = verify(incident, senior)
    incident = propose(incident, senior)
    publish(incident, moderator)


def test_the_senior_is_one_where_the_killing_is(moderator: User, senior: User) -> None:
    elsewhere = make_organisation()
    abroad = make_senior("abroad", countries=("SL",))
    guest = make_moderator("guest")
    for person in (guest, abroad):
        give(person, Role.SENIOR_MODERATOR, elsewhere)
    give(abroad, Role.MODERATOR, default_organisation())
    incident = verify(make_incident(harms=("killing",)), moderator)
    for person in (guest, abroad):
        with pytest.raises(DecisionRefused, match="senior"):
            verify(incident, person)
    assert verify(incident, senior).verification == Verification.VERIFIED


def test_the_word_of_somebody_who_left_is_not_one_of_two(moderator: User, second_moderator: User) -> None:
    incident = propose(verify(beating(), moderator), moderator)
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    assert verify(incident, second_moderator).verification == Verification.UNDER_VERIFICATION
    assert Proposal.objects.get(step="verify").proposed_by == second_moderator
    with pytest.raises(DecisionRefused, match="Verify it first"):
        publish(incident, second_moderator)


def test_a_grade_withdraws_words_that_were_proposed_with_another(
    moderator: User, second_moderator: User
) -> None:
    incident = propose(verify(verify(beating(), moderator), second_moderator), moderator)
    grade_incident(
        incident=incident,
        moderator=moderator,
        reliability=Reliability.A,
        credibility=Credibility.CONFIRMED,
        reason="I know them",
        expected_version=incident.version,
    )
    with pytest.raises(DecisionRefused, match="takes two people"):
        publish(incident, second_moderator)


def test_a_sensitive_case_is_decided_by_seniors_only(
    moderator: User, senior: User, second_senior: User
) -> None:
    for incident in (
        make_incident(harms=("sexual_violence",), people={}),
        make_incident(harms=("injury",), people={}, has_identifiable_children=True),
    ):
        with pytest.raises(DecisionRefused, match="not yours"):
            verify(incident, moderator)
        assert verify(verify(incident, senior), second_senior).verification == Verification.VERIFIED


def test_somebody_of_another_organisation_does_not_decide(second_moderator: User) -> None:
    outsider = make_moderator("outsider", organisation=make_organisation())
    with pytest.raises(DecisionRefused, match="not yours"):
        verify(beating(), outsider)
    assert not Decision.objects.exists()


def test_a_stale_second_word_is_refused(moderator: User, second_moderator: User) -> None:
    incident = beating()
    verify(incident, moderator)
    with pytest.raises(StaleIncident):
        verify_incident(
            incident=incident, moderator=second_moderator, reason="I agree with it", expected_version=1
        )


@pytest.mark.django_db(transaction=True)
def test_one_person_who_presses_twice_at_once_is_still_one_person() -> None:
    senior, incident = make_senior(), make_incident()
    barrier, outcomes = threading.Barrier(4), []

    def press() -> None:
        barrier.wait()
        try:
            verify_incident(
                incident=incident, moderator=senior, reason="pressed twice or more", expected_version=1
            )
            outcomes.append("proposed")
        except DecisionRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(4)]
    for thread in presses:
        thread.start()
    for thread in presses:
        thread.join()
    assert sorted(outcomes) == ["proposed", "refused", "refused", "refused"]
    assert fresh(incident).verification == Verification.UNDER_VERIFICATION
    assert Proposal.objects.count() == 1
