"""What advocates had made: the row is the job, and stays when its files are gone."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import Organisation
from impact.publication.models import Snapshot


class ExportKind(models.TextChoices):
    MAP = "map", _("Print map")
    BRIEF = "brief", _("Brief")
    DATA = "data", _("Data file")
    PACKAGE = "package", _("Package")


class Export(models.Model):
    """One map, brief, data file or package of a snapshot, who asked for it, why and for whom.

    `steps_done` of `steps` are kept on disk; a worker that dies leaves them to the next. `turn` is new with
    every claim: who comes back with an old one changes nothing.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Could not be made")
        EXPIRED = "expired", _("Expired")
        WITHDRAWN = "withdrawn", _("Withdrawn: something in it was taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=ExportKind)
    options = models.JSONField(default=dict)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="exports")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exports")
    reason = models.CharField(max_length=500)
    for_whom = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    steps = models.PositiveSmallIntegerField()
    steps_done = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="At the present step")
    turn = models.PositiveIntegerField(default=0)
    host = models.CharField(max_length=100, blank=True, help_text="Where the present step is made")
    leased_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    taken_back = models.PositiveIntegerField(default=0, help_text="Of its incidents, when it was begun")
    retraction_seen = models.PositiveBigIntegerField(default=0)
    files = models.JSONField(default=list, help_text="Each with name, size and sha256")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("organisation", "-created_at"), name="export_by_organisation"),
            models.Index(
                fields=("created_at",),
                condition=models.Q(state__in=("queued", "running")),
                name="export_to_be_made",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING}
