"""Programs of partners: the keys that they come with, and where they are told what became public."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import Organisation


class Scope(models.TextChoices):
    """What a key opens."""

    WEBHOOKS = "webhooks", _("Webhooks: be told what becomes public")
    CASES = "cases", _("Cases: read the facts of the organisation’s own, without words, places and people")


class ApiKey(models.Model):
    """A key of one organisation's program. Only a keyed digest of it is here: nobody can read it again."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="api_keys")
    name = models.CharField(max_length=100)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    digested_by = models.CharField(max_length=100, help_text="The name of the key of HEADLAMP_KEYS")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope_labels(self) -> list[str]:
        """What it opens, each in the word before the colon."""
        labels = [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]
        return [label.partition(":")[0].strip() for label in labels]


def live_keys(now: datetime) -> Q:
    """The keys that open something at a moment."""
    return Q(revoked_at=None, expires_at__gt=now)


class Webhook(models.Model):
    """An address of a partner's program that is told of public events.

    It outlives the end of the key that set it up (`made_with`: gave it its address, or began it anew), and is
    stopped with it when that key is revoked.
    """

    class End(models.TextChoices):
        NONE = "", _("works")
        PAUSED = "paused", _("paused by its program")
        FAILING = "failing", _("switched off: nothing could be delivered for days")
        GONE = "gone", _("ended: its address answered that it is gone (410)")
        REVOKED = "revoked", _("stopped: the key that set it up was revoked")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    made_with = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret_sealed = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    is_active = models.BooleanField(default=True)
    ended_because = models.CharField(max_length=10, choices=End, blank=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row")
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True)
    last_delivered_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=40, blank=True, help_text="Its kind, never its words")

    class Meta:
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return str(self.id)


class EarlierSecret(models.Model):
    """A secret that was renewed: it signs beside the new one for a while, so that no delivery is missed."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="earlier_secrets")
    sealed = models.TextField()
    signs_until = models.DateTimeField()

    class Meta:
        ordering = ("-signs_until", "-pk")

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.pk}"


class WebhookDelivery(models.Model):
    """One event for one webhook. The row is the job; what is sent is put together when it is sent."""

    class State(models.TextChoices):
        QUEUED = "queued", _("waits")
        DELIVERING = "delivering", _("on its way")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")
        WITHDRAWN = "withdrawn", _("not true any more when its time came")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    published_id = models.UUIDField(null=True, blank=True)
    occurred_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    attempt_after = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of HTTP, of the last try")
    error = models.CharField(max_length=40, blank=True, help_text="Its kind, never its words")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "pk")
        verbose_name_plural = "webhook deliveries"
        indexes = (
            models.Index(
                fields=("attempt_after",),
                condition=Q(state__in=("queued", "delivering")),
                name="delivery_due",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def message_id(self) -> str:
        """The `webhook-id`: the same at each try, so that a receiver knows what it had already."""
        return f"msg_{self.id.hex}"


UNFINISHED = (WebhookDelivery.State.QUEUED, WebhookDelivery.State.DELIVERING)
