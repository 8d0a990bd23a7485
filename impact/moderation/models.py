"""WHO DECIDED: an append-only log in which each row carries the hash of the one before."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.incidents.models import Incident
from impact.moderation.alert_models import Alert, AlertMail, AlertRule
from impact.moderation.casework import (
    CaseVisit,
    Echo,
    FollowUpAction,
    Likeness,
    Merge,
    Proposal,
    SavedView,
)

__all__ = [
    "Action",
    "Alert",
    "AlertMail",
    "AlertRule",
    "CaseVisit",
    "Decision",
    "Echo",
    "FollowUpAction",
    "Likeness",
    "Merge",
    "Proposal",
    "SavedView",
]


class Action(models.TextChoices):
    TRIAGE = "triage", _("Sorted")
    VERIFY = "verify", _("Verification")
    GRADE = "grade", _("Graded")
    CORRECT = "correct", _("Corrected")
    LINK = "link", _("Producing area judged")
    PROPOSE = "propose", _("Proposed for the public")
    MERGE = "merge", _("Merged")
    UNMERGE = "unmerge", _("Taken out of a merge")
    FOLLOW_UP = "follow_up", _("Followed up")
    ASSIGN = "assign", _("Assigned")
    SHARE = "share", _("Sharing in the coalition")
    PUBLISH = "publish", _("Published")
    RETRACT = "retract", _("Retracted")


# Decisions that make no open page of a case stale: they raise no version.
VERSIONLESS = (Action.ASSIGN,)


class Decision(models.Model):
    """One decision. Never changed and never deleted: the database refuses both (see guarding.py).

    It is what a row of the log (`impact.ledger`, by `sequence`) says. The chain covers a salted digest of
    it, so that personal data in a reason can be erased one day without breaking the chain.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="decisions")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions"
    )
    action = models.CharField(max_length=20, choices=Action)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(_("reason"))
    decided_at = models.DateTimeField()
    salt = models.CharField(max_length=32, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"
