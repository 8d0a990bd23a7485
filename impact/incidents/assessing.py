"""What is worked out of a case and kept beside it: how urgent it is, and the words that find it."""

from django.db import transaction

from impact.incidents.models import Incident
from impact.incidents.searching import index_incident, later_words
from impact.incidents.urgency import Assessment, assess_urgency, tells_danger


def keep_in_step(incident: Incident, *, said: str | None = None) -> None:
    """Assess and index a case after anything about it changed. Call inside the transaction of the change.

    `said` is what a reporter adds at this moment. A case that was dealt with is no longer urgent, until such
    words tell of danger; then it is, until somebody decides about it again.

    The case then waits to be compared with the others again; whoever compares it just now sees that by its
    `updated_at`.
    """
    if not incident.is_dealt_with or (said is not None and tells_danger(said)):
        _assess(incident)
    elif said is None:
        _note(incident, Assessment())
    incident.compared_at = None
    incident.save(update_fields=["urgency", "urgency_reasons", "compared_at", "updated_at"])
    index_incident(incident)


def _assess(incident: Incident) -> None:
    assessment = assess_urgency(
        harms=list(incident.harms.values_list("harm", flat=True)),
        people=incident.people,
        texts=list(incident.reports.values_list("text", flat=True)),
        later_texts=later_words(incident),
        occurred_to=incident.occurred_to,
        received_on=incident.received_at.date(),
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
