"""Sharing a case with the whole coalition: a decision, and only where every reporter agreed to it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.models import Action
from impact.moderation.refusing import DecisionRefused
from impact.moderation.transition import decide
from impact.vocabulary import PublicationStatus


def share_incident(
    *, incident: Incident, moderator: User, reason: str, expected_version: int, now: datetime | None = None
) -> Incident:
    """Let all organisations of the coalition read a case. Raises DecisionRefused.

    A reporter who was not asked did not agree: silence is no.
    """

    def change(locked: Incident) -> list[str]:
        if locked.shared_at is not None:
            raise DecisionRefused(_("It is shared already."))
        if locked.reports.filter(may_share=False).exists():
            raise DecisionRefused(_("A reporter did not agree that it be shared in the coalition."))
        locked.shared_at = now or timezone.now()
        if locked.publication == PublicationStatus.INTERNAL:
            locked.publication = PublicationStatus.SHARED
        return ["shared_at", "publication"]

    return decide(incident, moderator, Action.SHARE, reason, expected_version, change, now)


def unshare_incident(
    *, incident: Incident, moderator: User, reason: str, expected_version: int, now: datetime | None = None
) -> Incident:
    """Take the sharing back: others no longer find the case. Raises DecisionRefused."""

    def change(locked: Incident) -> list[str]:
        if locked.shared_at is None:
            raise DecisionRefused(_("It is not shared."))
        locked.shared_at = None
        if locked.publication == PublicationStatus.SHARED:
            locked.publication = PublicationStatus.INTERNAL
        return ["shared_at", "publication"]

    return decide(incident, moderator, Action.SHARE, reason, expected_version, change, now)
