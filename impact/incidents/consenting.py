"""What a reporter agrees to may change: they come back with their code, and it holds from then on.

The row of the report says what holds now, the log what held before, and the talk shows moderators that it
changed. What was used meanwhile is taken back by people: the case stands at the top until one decides.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from impact.incidents.assessing import keep_in_step
from impact.incidents.draft import Consents
from impact.incidents.models import Incident, Message, Report
from impact.incidents.references import follow_up_digests
from impact.ledger.chain import record
from impact.ledger.models import Entry, Kind
from impact.vocabulary import PublicationStatus

TAKEN_BACK_PUBLISH = "publish"  # what a message about consent is "about"
_COLUMNS = {"follow_up": "may_follow_up", "share": "may_share", "publish": "may_publish"}


def consents_of(report: Report) -> Consents:
    """What holds now."""
    return Consents(**{name: getattr(report, column) for name, column in _COLUMNS.items()})


def consents_sent(report: Report) -> Consents:
    """What was agreed to when the report came, whatever its reporter changed since."""
    first = Entry.objects.filter(kind=Kind.CONSENT, subject=report.reference).order_by("sequence").first()
    if first is None:
        return consents_of(report)
    before = first.content.details.get("before")  # gone where it was erased from the log
    return Consents(**dict.fromkeys(before["agreed"], True)) if before else consents_of(report)


def agreed_to(consents: Consents) -> list[str]:
    """The names of what is agreed to: follow_up, share, publish."""
    return [name for name in _COLUMNS if getattr(consents, name)]


@transaction.atomic
def change_consents(*, code: str, consents: Consents, now: datetime | None = None) -> bool:
    """Let the report of a follow-up code hold these consents. False: no such code, or nothing new."""
    now = now or timezone.now()
    digests = follow_up_digests(code)
    found = Report.objects.filter(follow_up_digest__in=digests).values("pk", "incident_id").first()
    if found is None:
        return False
    incident = Incident.objects.select_for_update().get(pk=found["incident_id"])
    report = Report.objects.select_for_update().get(pk=found["pk"])
    before = consents_of(report)
    if before == consents:
        return False
    for name, column in _COLUMNS.items():
        setattr(report, column, getattr(consents, name))
    report.save(update_fields=list(_COLUMNS.values()))
    Message.objects.create(
        report=report,
        kind=Message.Kind.CONSENT,
        asked=_taken_back(before, consents),
        channel=report.channel,
        text=" ".join(agreed_to(consents)),
        state=Message.State.ARRIVED,
        said_at=now,
        is_fictional=report.is_fictional,
    )
    sides = {"before": {"agreed": agreed_to(before)}, "after": {"agreed": agreed_to(consents)}}
    record(Kind.CONSENT, actor_id=None, subject=report.reference, details=sides, now=now)
    keep_in_step(incident, is_taken_back=_is_in_use(incident, before, consents))
    return True


def _taken_back(before: Consents, now: Consents) -> str:
    """The weightiest consent that no longer holds."""
    if before.publish and not now.publish:
        return TAKEN_BACK_PUBLISH
    return "share" if before.share and not now.share else ""


def _is_in_use(incident: Incident, before: Consents, now: Consents) -> bool:
    is_public = incident.publication == PublicationStatus.PUBLIC
    is_shared = incident.shared_at is not None
    return (is_public and before.publish and not now.publish) or (
        is_shared and before.share and not now.share
    )
