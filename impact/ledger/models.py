"""WHAT WAS DONE: one append-only chain for everything that somebody may have to answer for.

A row of the chain (`Entry`) says who, what, when and about what, and carries the digest of the row before
and a salted digest of its contents. The contents lie beside it (`Content`, or a moderator's `Decision`), so
that personal data in them can be erased one day and the chain stays whole.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a row records. Decisions are "decision." and the action, see `decision_kind`."""

    DECISION = "decision", _("Decision")
    REVEAL = "reveal", _("Number seen")
    EXPORT = "export", _("Export")
    SIGN_IN = "sign_in", _("Sign-in")
    SIGN_IN_FAILED = "sign_in_failed", _("Failed sign-in")
    SIGN_IN_LOCKED = "sign_in_locked", _("Sign-in locked")
    SIGN_OUT = "sign_out", _("Sign-out")
    SESSION_ENDED = "session_ended", _("Session ended")
    SECOND_FACTOR = "second_factor", _("Second factor")
    PASSWORD = "password", _("Password")
    ROLE = "role", _("People and roles")
    AREA = "area", _("Producing areas")
    REVIEW = "review", _("Held messages")
    SETTING = "setting", _("Settings")
    ALERT = "alert", _("Alerts")
    EVIDENCE = "evidence", _("Evidence")
    CONSENT = "consent", _("Consent changed")
    WITNESS = "witness", _("Head witnessed")
    ERASURE = "erasure", _("Contents erased")
    MOVED = "moved", _("Earlier log taken over")


class Entry(models.Model):
    """One row of the chain. Never changed and never deleted: the database refuses both (see guarding.py)."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="ledger_entries"
    )
    subject = models.CharField(max_length=100, blank=True, help_text="A reference, never personal data")
    content_digest = models.CharField(max_length=64)
    previous_digest = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("sequence",)
        indexes = (
            models.Index(fields=("kind", "-sequence"), name="ledger_by_kind"),
            models.Index(fields=("actor", "-sequence"), name="ledger_by_actor"),
        )

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class Content(models.Model):
    """What a row says, in JSON types. Can be erased (salt and all), which the chain outlives."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="content")
    salt = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"content of {self.entry_id}"


class Head(models.Model):
    """How long the chain is and how it ends, so that cut-off rows are missed. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"
