from datetime import date

import pytest

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import (
    Correction,
    DecisionRefused,
    StaleIncident,
    correct_incident,
    grade_incident,
    reject_incident,
    start_verification,
    triage_incident,
    verify_incident,
)
from impact.moderation.models import Decision
from impact.vocabulary import Credibility, Harm, Perpetrator, Reliability, Triage, Verification
from tests.builders import make_area, make_incident

pytestmark = pytest.mark.django_db


def test_verifying_moves_the_incident_and_writes_who_why_and_what(moderator: User) -> None:
    incident = make_incident()
    verified = verify_incident(
        incident=incident, moderator=moderator, reason="two witnesses", expected_version=1
    )
    assert verified.verification == Verification.VERIFIED
    assert verified.version == 2
    [decision] = Decision.objects.all()
    assert decision.moderator == moderator
    assert decision.reason == "two witnesses"
    assert decision.before == {"triage": "new", "verification": "unverified"}
    assert decision.after == {"triage": "triaged", "verification": "verified"}


def test_a_second_moderator_on_an_old_page_is_refused(moderator: User, second_moderator: User) -> None:
    incident = make_incident()
    verify_incident(incident=incident, moderator=moderator, reason="seen", expected_version=1)
    with pytest.raises(StaleIncident):
        reject_incident(
            incident=incident,
            moderator=second_moderator,
            outcome=Verification.NOT_SUBSTANTIATED,
            reason="not seen",
            expected_version=1,
        )
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_decision_without_a_reason(moderator: User, reason: str) -> None:
    with pytest.raises(DecisionRefused):
        start_verification(incident=make_incident(), moderator=moderator, reason=reason, expected_version=1)


def test_a_decision_that_changes_nothing_is_refused_and_not_logged(moderator: User) -> None:
    with pytest.raises(DecisionRefused):
        triage_incident(
            incident=make_incident(),
            moderator=moderator,
            triage=Triage.NEW,
            reason="again",
            expected_version=1,
        )
    assert not Decision.objects.exists()


def test_spam_cannot_be_verified(moderator: User) -> None:
    incident = make_incident(triage=Triage.SPAM)
    with pytest.raises(DecisionRefused):
        verify_incident(incident=incident, moderator=moderator, reason="x", expected_version=1)


def test_an_incident_without_a_harm_cannot_be_verified(moderator: User) -> None:
    with pytest.raises(DecisionRefused):
        verify_incident(incident=make_incident(harms=()), moderator=moderator, reason="x", expected_version=1)


def test_what_is_public_cannot_be_sorted_out_before_it_is_taken_back(moderator: User) -> None:
    incident = make_incident(publication="public", verification="verified")
    with pytest.raises(DecisionRefused):
        triage_incident(
            incident=incident, moderator=moderator, triage=Triage.SPAM, reason="x", expected_version=1
        )


def test_a_grade_keeps_its_two_axes_apart(moderator: User) -> None:
    graded = grade_incident(
        incident=make_incident(),
        moderator=moderator,
        reliability=Reliability.B,
        credibility=Credibility.UNJUDGED,
        reason="a known monitor",
        expected_version=1,
    )
    assert (graded.reliability, graded.credibility) == ("B", "6")
    assert Decision.objects.get().after == {"reliability": "B"}


def test_a_moved_incident_is_linked_again(moderator: User) -> None:
    make_area(name="Here", longitude=20.8, latitude=-6.4)
    make_area(name="There", longitude=18.9, latitude=-8.5, country="AO")
    corrected = correct_incident(
        incident=make_incident(),
        moderator=moderator,
        correction=Correction(point=(18.91, -8.51), uncertainty_m=3000.0, place_name="Cafunfo"),
        reason="the town is across the border",
        expected_version=1,
    )
    assert [link.area.name for link in corrected.area_links.all()] == ["There"]
    assert corrected.country == "AO"
    assert corrected.place_method == "moderator"


def test_a_correction_changes_what_it_names_and_leaves_the_rest(moderator: User) -> None:
    incident = make_incident()
    corrected = correct_incident(
        incident=incident,
        moderator=moderator,
        correction=Correction(
            harms=(Harm.INJURY, Harm.THREATS),
            perpetrator=Perpetrator.PRIVATE_SECURITY,
            people={"injured": {"low": 3, "high": 4}},
            occurred=(date(2026, 11, 17), date(2026, 11, 17)),
        ),
        reason="read again with the reporter",
        expected_version=1,
    )
    corrected = Incident.objects.get(pk=corrected.pk)
    assert corrected.harm_codes == ["injury", "threats"]
    assert corrected.people == {"injured": {"low": 3, "high": 4}}
    assert corrected.occurred_from == date(2026, 11, 17)
    assert corrected.place_name == "Tshikapa"
    assert incident.reports.get().text == "Soldiers shot two men at the pits"


@pytest.mark.parametrize(
    "correction",
    [
        Correction(people={"killed": {"low": 3, "high": 2}}),
        Correction(people={"eaten": {"low": 1, "high": 1}}),
        Correction(point=(200.0, 0.0)),
        Correction(occurred=(date(2026, 11, 17), date(2026, 11, 1))),
    ],
)
def test_a_correction_that_cannot_be_right_is_refused_whole(moderator: User, correction: Correction) -> None:
    incident = make_incident()
    with pytest.raises(DecisionRefused):
        correct_incident(
            incident=incident, moderator=moderator, correction=correction, reason="x", expected_version=1
        )
    assert Incident.objects.get(pk=incident.pk).version == 1
