"""What waits for a moderator, the most urgent first."""

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from impact.incidents.models import Incident
from impact.vocabulary import REJECTED, SORTED_OUT, PublicationStatus, Triage, Urgency, Verification

_OPEN = ~Q(triage__in=SORTED_OUT)

STATES: dict[str, Q] = {
    "new": Q(triage=Triage.NEW, verification=Verification.UNVERIFIED),
    "under_verification": _OPEN
    & (
        Q(verification__in=(Verification.UNDER_VERIFICATION, Verification.PARTIALLY_CORROBORATED))
        | Q(triage=Triage.TRIAGED, verification=Verification.UNVERIFIED)
    )
    & ~Q(publication=PublicationStatus.PUBLIC),
    "verified": _OPEN & Q(verification=Verification.VERIFIED) & ~Q(publication=PublicationStatus.PUBLIC),
    "published": Q(publication=PublicationStatus.PUBLIC),
    "rejected": _OPEN & Q(verification__in=REJECTED) & ~Q(publication=PublicationStatus.PUBLIC),
    "sorted_out": Q(triage__in=SORTED_OUT),
}
STATE_LABELS = {
    "new": _("New"),
    "under_verification": _("Being verified"),
    "verified": _("Verified, not public"),
    "published": _("Published"),
    "rejected": _("Not confirmed"),
    "sorted_out": _("Spam, out of scope, duplicates"),
}


def moderation_queue(cases: QuerySet[Incident], state: str = "new") -> QuerySet[Incident]:
    """Those of `cases` (see access.py) that are in one state, urgent ones first, then the latest."""
    return (
        cases.filter(STATES[state])
        .order_by("-urgency", "-received_at")
        .select_related("assigned_to", "echo")
        .prefetch_related("harms", "reports")
    )


def queue_counts(cases: QuerySet[Incident]) -> dict[str, int]:
    """How many of `cases` are in each state."""
    return cases.aggregate(**{state: Count("pk", filter=condition) for state, condition in STATES.items()})


def urgency_words(incident: Incident) -> str:
    """Why a case goes first, in words; "" for one that does not."""
    return ", ".join(str(Urgency(reason).label) for reason in incident.urgency_reasons)
