import pytest

from impact.incidents.models import Incident
from impact.moderation.queue import STATES, moderation_queue, queue_counts, urgency_words
from tests.builders import make_incident

pytestmark = pytest.mark.django_db


def test_children_and_killings_go_first_and_say_why() -> None:
    make_incident(harms=("chemicals",), people={})
    killing = make_incident(harms=("injury", "killing"))
    children = make_incident(harms=("child_labour",), people={})
    queue = moderation_queue(Incident.objects.all())
    assert list(queue)[:2] == [children, killing]
    assert [urgency_words(case) for case in queue] == ["children", "killing or disappearance", ""]


def test_every_case_is_in_exactly_one_state() -> None:
    for triage in ("new", "triaged", "spam", "out_of_scope", "duplicate"):
        for verification in (
            "unverified",
            "under_verification",
            "partially_corroborated",
            "verified",
            "not_substantiated",
            "falsely_attributed",
        ):
            make_incident(triage=triage, verification=verification)
    make_incident(triage="triaged", verification="verified", publication="public")
    make_incident(triage="triaged", verification="verified", publication="retracted")
    total = sum(queue_counts(Incident.objects.all()).values())
    listed = [case.pk for state in STATES for case in moderation_queue(Incident.objects.all(), state)]
    assert len(listed) == len(set(listed)) == total
    assert total == 32
