"""How urgent a case is along its way: never after it was dealt with, unless its reporter says more."""

from importlib import import_module
from itertools import product

import pytest
from django.apps import apps

from impact.accounts.models import User
from impact.incidents.adding import SaidLater, add_to_report
from impact.incidents.models import Incident, Message
from impact.moderation.deciding import Correction, correct_incident, reject_incident, triage_incident
from impact.moderation.queue import STATES, moderation_queue
from impact.publication.publishing import retract_incident
from impact.vocabulary import Channel, Perpetrator, Triage, Verification
from tests.builders import NOW, make_incident
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db


def say(incident: Incident, text: str) -> None:
    add_to_report(
        SaidLater(
            report_id=incident.reports.get().pk,
            kind=Message.Kind.ADDITION,
            channel=Channel.SMS,
            source_key=f"twilio:{text}",
            text=text,
            said_at=NOW,
        )
    )


def reasons(incident: Incident) -> list[str]:
    incident.refresh_from_db()
    assert (incident.urgency > 0) == bool(incident.urgency_reasons)
    return list(incident.urgency_reasons)


def reject(incident: Incident, moderator: User) -> Incident:
    incident.refresh_from_db()
    return reject_incident(
        incident=incident,
        moderator=moderator,
        outcome=Verification.NOT_SUBSTANTIATED,
        reason="Nobody was there.",
        expected_version=incident.version,
    )


def test_what_is_public_is_not_urgent_and_what_is_taken_back_is_again(moderator: User) -> None:
    incident = verified(moderator)
    assert "killing" in reasons(incident)
    publish(incident, moderator)
    assert reasons(incident) == []
    retract_incident(
        incident=incident, moderator=moderator, reason="Wrong.", expected_version=incident.version, now=NOW
    )
    assert "killing" in reasons(incident)


def test_what_is_not_confirmed_or_sorted_out_is_not_urgent(moderator: User) -> None:
    incident = make_incident(
        text="They are shooting right now, help us", occurred_from=None, occurred_to=None
    )
    assert "danger_now" in reasons(incident)
    reject(incident, moderator)
    assert reasons(incident) == []
    spam = make_incident()
    for triage, expected in ((Triage.SPAM, []), (Triage.TRIAGED, ["killing"])):
        spam.refresh_from_db()
        triage_incident(
            incident=spam, moderator=moderator, triage=triage, reason="Looked at.",
            expected_version=spam.version,
        )  # fmt: skip
        assert reasons(spam) == expected


def test_danger_that_its_reporter_tells_later_makes_it_urgent_until_somebody_decides(moderator: User) -> None:
    incident = make_incident()
    reject(incident, moderator)
    say(incident, "Thank you for asking")
    assert reasons(incident) == []
    say(incident, "They came back, they are shooting right now, help us")
    assert reasons(incident) == ["danger_now", "killing"]
    say(incident, "It was the army")
    assert reasons(incident) == ["danger_now", "killing"]
    incident.refresh_from_db()
    correct_incident(
        incident=incident, moderator=moderator, reason="They say so.", expected_version=incident.version,
        correction=Correction(perpetrator=Perpetrator.POLICE),
    )  # fmt: skip
    assert reasons(incident) == []


def test_what_was_dealt_with_in_older_versions_becomes_calm_too() -> None:
    public = make_incident(triage="triaged", verification="verified", publication="public")
    waiting = make_incident()
    Incident.objects.update(urgency=30, urgency_reasons=["killing"])
    import_module("impact.incidents.migrations.0013_dealt_with").calm(apps, None)
    assert (reasons(public), reasons(waiting)) == ([], ["killing"])


def test_the_lists_that_wait_for_somebody_are_those_of_cases_not_dealt_with() -> None:
    for triage, verification in product(Triage.values, Verification.values):
        make_incident(triage=triage, verification=verification)
    for publication in ("public", "retracted"):
        make_incident(triage="triaged", verification="verified", publication=publication)
    for state in STATES:
        expected = state not in {"new", "under_verification", "verified"}
        assert {case.is_dealt_with for case in moderation_queue(Incident.objects.all(), state)} == {expected}
