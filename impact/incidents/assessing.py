"""What is worked out of a case and kept beside it: how urgent it is, and the words that find it."""

from django.db import transaction

from impact.incidents.models import Incident
from impact.incidents.searching import index_incident, later_words
from impact.incidents.urgency import Assessment, assess_urgency, tells_danger
from impact.vocabulary import Urgency


def keep_in_step(incident: Incident, *, said: str | None = None, is_taken_back: bool = False) -> None:
    """Assess and index a case after anything about it changed. Call inside the transaction of the change.

    `said` is what a reporter adds at this moment. A case that was dealt with is no longer urgent, until such
    words tell of danger; then it is, until somebody decides about it again. So it is with `is_taken_back`: a
    reporter no longer agrees to what was made of their report.

    The case then waits to be compared with the others again; whoever compares it just now sees that by its
    `updated_at`.
    """
    if is_taken_back or not incident.is_dealt_with or (said is not None and tells_danger(said)):
        _assess(incident, is_taken_back)
    elif said is None:
        _note(incident, Assessment())
    incident.compared_at = None
    incident.save(update_fields=["urgency", "urgency_reasons", "compared_at", "updated_at"])
    index_incident(incident)


def _assess(incident: Incident, is_taken_back: bool) -> None:
    # What is still shared against a reporter's word waits on, whatever else is said or decided.
    still_is = Urgency.TAKEN_BACK in incident.urgency_reasons and incident.shared_at is not None
    assessment = assess_urgency(
        harms=list(incident.harms.values_list("harm", flat=True)),
        people=incident.people,
        texts=list(incident.reports.values_list("text", flat=True)),
        later_texts=later_words(incident),
        occurred_to=incident.occurred_to,
        received_on=incident.received_at.date(),
        is_taken_back=is_taken_back or still_is,
    )
    _note(incident, assessment)


def _note(incident: Incident, assessment: Assessment) -> None:
    incident.urgency = assessment.score
    incident.urgency_reasons = [reason.value for reason in assessment.reasons]


def assess_unassessed(limit: int = 500) -> int:
    """Assess what came before there was an index, or what a crash left: a worker's turn. Returns how many."""
    waiting = list(Incident.objects.filter(search_entry__isnull=True).order_by("-received_at")[:limit])
    for incident in waiting:
        with transaction.atomic():
            keep_in_step(incident)
    return len(waiting)
