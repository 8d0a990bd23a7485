"""What moderators' work leaves beside a case: proposals, merges, likenesses, visits, views, contacts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from impact.incidents.models import Incident


class Proposal(models.Model):
    """What a first moderator said, waiting for a second one. It goes when it is confirmed or overtaken."""

    class Step(models.TextChoices):
        VERIFY = "verify", _("Verified")
        PUBLISH = "publish", _("Public")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="proposals")
    step = models.CharField(max_length=10, choices=Step)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals"
    )
    proposed_at = models.DateTimeField()
    reason = models.TextField()
    text = models.TextField(blank=True, help_text="The public words that were proposed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "step"), name="one_proposal_per_step"),)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.step}"


class Merge(models.Model):
    """One case taken into another, with all that is needed to take it out again, however much later."""

    kept = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="merges_into_it")
    merged = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="merges_away")
    report_ids = models.JSONField(default=list, help_text="The reports that moved, in order")
    triage_before = models.CharField(max_length=20)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges")
    merged_at = models.DateTimeField()
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-merged_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("merged",), condition=Q(undone_at__isnull=True), name="merged_once_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"


class Likeness(models.Model):
    """Two cases that may be one, with the reasons; or that a moderator said are two."""

    first = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="likenesses_first")
    second = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="likenesses_second")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="pair_compared_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.first_id} like {self.second_id}"


class Echo(models.Model):
    """A case with nearly the words of an earlier one, which echoes none itself: see echoing.py."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="echo")
    of = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="echoes")

    def __str__(self) -> str:
        return f"{self.incident_id} echoes {self.of_id}"


class CaseVisit(models.Model):
    """Somebody has a case open. Shown to others, and never in their way."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("incident", "user"), name="one_visit_per_person"),)

    def __str__(self) -> str:
        return f"{self.user_id} at {self.incident_id}"


class SavedView(models.Model):
    """A filter of the queue that somebody goes back to: the query of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="one_view_per_name"),)

    def __str__(self) -> str:
        return self.name


class FollowUpAction(models.Model):
    """Who was contacted about a case, when, what came of it, and when to come back to it."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="follow_up_actions")
    contacted = models.CharField(_("who was contacted"), max_length=200)
    contacted_on = models.DateField(_("on"))
    note = models.TextField(_("what came of it"), blank=True)
    due_on = models.DateField(_("come back to it on"), null=True, blank=True)
    is_done = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-contacted_on", "-recorded_at")
        indexes = (models.Index(fields=("due_on",), condition=Q(is_done=False), name="follow_up_due"),)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.contacted_on}"
