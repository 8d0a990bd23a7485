from datetime import timedelta

import pytest

from impact.accounts.models import User
from impact.incidents.consenting import change_consents, consents_of, consents_sent
from impact.incidents.draft import Consents
from impact.incidents.models import Incident, Message, Report
from impact.incidents.references import follow_up_code
from impact.ledger.models import Entry, Kind
from impact.moderation.sharing import share_incident
from impact.vocabulary import Urgency
from tests.builders import make_incident

pytestmark = pytest.mark.django_db
ALL = Consents(follow_up=True, share=True, publish=True)


def agreeing(**fields: object) -> tuple[Incident, str]:
    """A case whose reporter agreed to everything, and their code."""
    incident = make_incident(**fields)  # type: ignore[arg-type]
    Report.objects.update(may_follow_up=True, may_share=True, may_publish=True)
    return incident, follow_up_code(Report.objects.get().pk)


def test_it_holds_from_then_on_and_the_log_keeps_what_held_before() -> None:
    _incident, code = agreeing()
    assert change_consents(code=code, consents=Consents(follow_up=True))
    report = Report.objects.get()
    assert consents_of(report) == Consents(follow_up=True)
    assert consents_sent(report) == ALL
    message = Message.objects.get()
    assert (message.kind, message.text, message.is_to_reporter) == (Message.Kind.CONSENT, "follow_up", False)
    entry = Entry.objects.get(kind=Kind.CONSENT)
    assert entry.subject == report.reference
    assert entry.content.details == {
        "before": {"agreed": ["follow_up", "share", "publish"]},
        "after": {"agreed": ["follow_up"]},
    }


def test_nothing_new_and_a_wrong_code_leave_no_trace() -> None:
    _incident, code = agreeing()
    assert not change_consents(code=code, consents=ALL)
    assert not change_consents(code="K7MQ-3XPT", consents=Consents())
    assert consents_of(Report.objects.get()) == ALL
    assert not Message.objects.exists()
    assert not Entry.objects.filter(kind=Kind.CONSENT).exists()


@pytest.mark.parametrize(
    ("kept", "is_urgent"),
    [(Consents(follow_up=True, share=True), True), (Consents(share=True, publish=True), False)],
)
def test_a_public_case_stands_at_the_top_when_that_is_taken_back(kept: Consents, is_urgent: bool) -> None:
    incident, code = agreeing(publication="public", verification="verified")
    assert incident.urgency == 0
    change_consents(code=code, consents=kept)
    incident.refresh_from_db()
    assert (Urgency.TAKEN_BACK in incident.urgency_reasons) is is_urgent


def test_what_is_shared_against_their_word_stays_urgent_until_it_is_not(moderator: User) -> None:
    incident, code = agreeing(harms=("unpaid_wages",))
    incident = share_incident(incident=incident, moderator=moderator, reason="near", expected_version=1)
    change_consents(code=code, consents=Consents(follow_up=True, publish=True))
    change_consents(code=code, consents=Consents(publish=True))
    incident.refresh_from_db()
    assert incident.urgency_reasons == [Urgency.TAKEN_BACK]
    Incident.objects.update(shared_at=None)
    change_consents(code=code, consents=Consents())
    incident.refresh_from_db()
    assert incident.urgency_reasons == []


def test_who_never_agreed_takes_nothing_back() -> None:
    incident = make_incident(publication="public", verification="verified")
    code = follow_up_code(Report.objects.get().pk)
    change_consents(code=code, consents=Consents(follow_up=True))
    incident.refresh_from_db()
    assert incident.urgency_reasons == []
    assert timedelta(0) <= incident.updated_at - Message.objects.get().said_at < timedelta(minutes=1)
