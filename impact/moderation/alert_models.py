"""Alerts by rule: "3 or more violence reports within 10 km in 30 days", and what came of it."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.incidents.models import Incident
from impact.vocabulary import Theme


class AlertRule(models.Model):
    """When moderators are to be told: so many incidents of a theme, so near each other, in so many days."""

    theme = models.CharField(_("theme"), max_length=20, choices=Theme, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    least = models.PositiveSmallIntegerField(
        _("incidents at least"), default=3, validators=[MinValueValidator(2), MaxValueValidator(1000)]
    )
    radius_km = models.PositiveSmallIntegerField(
        _("within kilometres"), default=10, validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    window_days = models.PositiveSmallIntegerField(
        _("in days"), default=30, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    evaluated_at = models.DateTimeField(null=True, blank=True, help_text="Claims a turn: one worker a minute")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.theme or 'any'} {self.least}/{self.radius_km} km/{self.window_days} d"

    def terms(self) -> dict[str, Any]:
        """What must be met, in JSON types."""
        return {
            "theme": str(self.theme),
            "country": self.country,
            "least": self.least,
            "radius_km": self.radius_km,
            "window_days": self.window_days,
        }


class Alert(models.Model):
    """A rule that was met. `anchor` is the first of its incidents: the same cluster is one alert for ever."""

    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="alerts")
    met_terms = models.JSONField(
        default=dict, help_text="What the rule said when it was met; empty while it says the same"
    )
    anchor = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    incidents = models.ManyToManyField(Incident, related_name="alerts")
    country = models.CharField(max_length=2, blank=True)
    raised_at = models.DateTimeField()
    grown_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-raised_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("rule", "anchor"), name="alert_once_a_cluster"),)
        indexes = (
            models.Index(
                fields=("raised_at",), condition=models.Q(closed_at__isnull=True), name="alert_open"
            ),
        )

    def __str__(self) -> str:
        return f"alert {self.pk}"


class AlertMail(models.Model):
    """One letter about one alert to one moderator: the row is the job, and its claim the promise of once."""

    class State(models.TextChoices):
        QUEUED = "queued", _("To be sent")
        SENDING = "sending", _("Not known whether it left")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="mails")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("alert", "moderator"), name="mail_once_a_moderator"),)
        indexes = (
            models.Index(fields=("due_at",), condition=models.Q(state="queued"), name="alert_mail_queued"),
        )

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"
