"""What a reporter no longer agrees to, after a moderator decided that the world should see it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Max

from impact.incidents.consenting import TAKEN_BACK_PUBLISH
from impact.incidents.models import Message
from impact.moderation.models import Action, Decision


def taken_back(incident_keys: Collection[UUID]) -> set[UUID]:
    """Those of which a reporter took back the consent to publish since the latest decision to publish."""
    changes = Message.objects.filter(
        kind=Message.Kind.CONSENT,
        asked=TAKEN_BACK_PUBLISH,
        report__incident__in=incident_keys,
        report__may_publish=False,
    )
    changed_at = dict(changes.values_list("report__incident").annotate(latest=Max("said_at")))
    decisions = Decision.objects.filter(incident__in=changed_at, action=Action.PUBLISH)
    decided_at = dict(decisions.values_list("incident").annotate(latest=Max("decided_at")))
    return {key for key, moment in changed_at.items() if key not in decided_at or moment > decided_at[key]}
