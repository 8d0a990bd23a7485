import pytest

from impact.accounts.models import User
from impact.incidents.models import Report
from impact.moderation.access import can_see_case
from impact.moderation.models import Action, Decision
from impact.moderation.refusing import DecisionRefused
from impact.moderation.sharing import share_incident, unshare_incident
from tests.builders import make_incident, make_moderator, make_organisation

pytestmark = pytest.mark.django_db


def test_sharing_is_a_decision_and_can_be_taken_back(moderator: User) -> None:
    outsider = make_moderator("outsider", organisation=make_organisation())
    incident = make_incident()
    Report.objects.update(may_share=True)
    shared = share_incident(
        incident=incident, moderator=moderator, reason="they work there", expected_version=1
    )
    assert can_see_case(outsider, shared)
    assert shared.publication == "shared"
    back = unshare_incident(incident=shared, moderator=moderator, reason="a mistake", expected_version=2)
    assert not can_see_case(outsider, back)
    assert back.publication == "internal"
    said = [(row.action, row.after["shared"]) for row in Decision.objects.all()]
    assert said == [(Action.SHARE, True), (Action.SHARE, False)]


def test_nothing_is_shared_that_a_reporter_did_not_agree_to(moderator: User) -> None:
    incident = make_incident()
    Report.objects.update(may_share=False)
    with pytest.raises(DecisionRefused, match="did not agree"):
        share_incident(incident=incident, moderator=moderator, reason="x", expected_version=1)
    assert not Decision.objects.exists()
