"""When a case is closed: nobody works on it any more, as its statuses say."""

from django.db.models import Q

from impact.vocabulary import REJECTED, SORTED_OUT, FollowUp, PublicationStatus

CLOSED = (
    Q(triage__in=SORTED_OUT)
    | Q(verification__in=REJECTED)
    | Q(follow_up__in=(FollowUp.RESOLVED, FollowUp.UNRESOLVED))
    | Q(
        publication__in=(PublicationStatus.PUBLIC, PublicationStatus.RETRACTED),
        follow_up=FollowUp.NONE,
    )
)
