import pytest

from impact.accounts.models import User
from impact.incidents.following import report_by_code
from impact.incidents.models import Incident
from impact.moderation.deciding import verify_incident
from tests.builders import take_in

pytestmark = pytest.mark.django_db


def test_the_code_opens_the_status_and_nothing_of_the_words() -> None:
    receipt = take_in("Soldiers shot two men")
    status = report_by_code(receipt.follow_up_code.lower())
    assert status is not None
    assert status.reference == receipt.reference
    assert "waits" in status.state
    assert "shot" not in str(status)


def test_a_reference_or_a_wrong_code_opens_nothing() -> None:
    receipt = take_in()
    assert report_by_code(receipt.reference) is None
    assert report_by_code("") is None


def test_the_status_follows_the_decisions(moderator: User) -> None:
    receipt = take_in("Soldiers shot two men")
    verify_incident(incident=Incident.objects.get(), moderator=moderator, reason="x", expected_version=1)
    status = report_by_code(receipt.follow_up_code)
    assert status is not None
    assert "verified" in status.state
