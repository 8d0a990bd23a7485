"""When a case is closed: nobody works on it any more, as its statuses say."""

from django.db.models import Q

from impact.vocabulary import FollowUp, PublicationStatus, Triage, Verification

CLOSED = (
    Q(triage__in=(Triage.SPAM, Triage.OUT_OF_SCOPE, Triage.DUPLICATE))
    | Q(verification__in=(Verification.NOT_SUBSTANTIATED, Verification.FALSELY_ATTRIBUTED))
    | Q(follow_up__in=(FollowUp.RESOLVED, FollowUp.UNRESOLVED))
    | Q(
        publication__in=(PublicationStatus.PUBLIC, PublicationStatus.RETRACTED),
        follow_up=FollowUp.NONE,
    )
)
