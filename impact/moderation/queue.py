"""What waits for a moderator, the most urgent first."""

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from impact.incidents.models import Incident, IncidentHarm
from impact.vocabulary import Harm, PublicationStatus, Triage, Verification

_SORTED_OUT = (Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE)
_OPEN = ~Q(triage__in=_SORTED_OUT)

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
    "rejected": _OPEN
    & Q(verification__in=(Verification.NOT_SUBSTANTIATED, Verification.FALSELY_ATTRIBUTED))
    & ~Q(publication=PublicationStatus.PUBLIC),
    "sorted_out": Q(triage__in=_SORTED_OUT),
}
STATE_LABELS = {
    "new": _("New"),
    "under_verification": _("Being verified"),
    "verified": _("Verified, not public"),
    "published": _("Published"),
    "rejected": _("Not confirmed"),
    "sorted_out": _("Spam, out of scope, duplicates"),
}

# Why a case goes first, most pressing first: the label is shown beside the case.
URGENCY: tuple[tuple[tuple[Harm, ...], object], ...] = (
    ((Harm.KILLING, Harm.DISAPPEARANCE), _("killing or disappearance")),
    ((Harm.THREATS,), _("people threatened")),
    ((Harm.SEXUAL_VIOLENCE,), _("sexual violence")),
    ((Harm.CHILD_LABOUR,), _("children")),
)


def moderation_queue(cases: QuerySet[Incident], state: str = "new") -> QuerySet[Incident]:
    """Those of `cases` (see access.py) that are in one state, urgent ones first, then the latest.

    Each has `urgency` (0 is not urgent).
    """
    return (
        cases.filter(STATES[state])
        .annotate(urgency=_urgency())
        .order_by("-urgency", "-received_at")
        .prefetch_related("harms", "reports")
    )


def queue_counts(cases: QuerySet[Incident]) -> dict[str, int]:
    """How many of `cases` are in each state."""
    return cases.aggregate(**{state: Count("pk", filter=condition) for state, condition in STATES.items()})


def urgency_reason(urgency: int) -> str:
    """The words for an urgency that `moderation_queue` gave; "" for 0."""
    return str(URGENCY[len(URGENCY) - urgency][1]) if urgency else ""


def _urgency() -> Case:
    def has(harms: tuple[Harm, ...]) -> Exists:
        return Exists(IncidentHarm.objects.filter(incident=OuterRef("pk"), harm__in=harms))

    return Case(
        *(When(has(harms), then=Value(len(URGENCY) - rank)) for rank, (harms, _label) in enumerate(URGENCY)),
        default=Value(0),
        output_field=IntegerField(),
    )
