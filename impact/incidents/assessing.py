"""What is worked out of a case and kept beside it: how urgent it is, and the words that find it."""

from django.db import transaction

from impact.incidents.models import Incident
from impact.incidents.searching import index_incident, later_words
from impact.incidents.urgency import assess_urgency


def keep_in_step(incident: Incident) -> None:
    """Assess and index a case after anything about it changed. Call inside the transaction of the change.

    The case then waits to be compared with the others again; whoever compares it just now sees that by its
    `updated_at`.
    """
    assessment = assess_urgency(
        harms=list(incident.harms.values_list("harm", flat=True)),
        people=incident.people,
        texts=list(incident.reports.values_list("text", flat=True)),
        later_texts=later_words(incident),
        occurred_to=incident.occurred_to,
        received_on=incident.received_at.date(),
    )
    incident.urgency = assessment.score
    incident.urgency_reasons = [reason.value for reason in assessment.reasons]
    incident.compared_at = None
    incident.save(update_fields=["urgency", "urgency_reasons", "compared_at", "updated_at"])
    index_incident(incident)


def assess_unassessed(limit: int = 500) -> int:
    """Assess what came before there was an index, or what a crash left: a worker's turn. Returns how many."""
    waiting = list(Incident.objects.filter(search_entry__isnull=True).order_by("-received_at")[:limit])
    for incident in waiting:
        with transaction.atomic():
            keep_in_step(incident)
    return len(waiting)
