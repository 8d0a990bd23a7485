"""WHAT THE WORLD MAY SEE. Every public page, tile, feed, API answer and export reads these tables only.

There is no foreign key to an incident on purpose: no query that starts here can reach testimony.
"""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.places.models import ProducingArea
from impact.vocabulary import (
    Credibility,
    DatePrecision,
    Harm,
    Perpetrator,
    Reliability,
    Theme,
    Verification,
)


class PublishedIncident(models.Model):
    """The public version of an incident: safe words, a masked point drawn once, a coarse date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident_key = models.UUIDField(unique=True, editable=False)
    theme = models.CharField(max_length=20, choices=Theme)
    perpetrator = models.CharField(max_length=20, choices=Perpetrator)
    verification = models.CharField(max_length=30, choices=Verification)
    reliability = models.CharField(max_length=1, choices=Reliability)
    credibility = models.CharField(max_length=1, choices=Credibility)
    killed = models.PositiveIntegerField(null=True, blank=True)
    injured = models.PositiveIntegerField(null=True, blank=True)
    arrested = models.PositiveIntegerField(null=True, blank=True)
    displaced = models.PositiveIntegerField(null=True, blank=True)
    affected = models.PositiveIntegerField(null=True, blank=True)
    minerals = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=2, blank=True)
    # Plain columns: boxes and grids of points are then ordinary, indexed ranges on both databases.
    longitude = models.FloatField(null=True, blank=True, help_text="Of the masked point, WGS 84")
    latitude = models.FloatField(null=True, blank=True)
    cell = models.CharField(max_length=16, blank=True, help_text="H3 cell that the point is the centre of")
    uncertainty_m = models.FloatField(null=True, blank=True)
    occurred_from = models.DateField(null=True, blank=True)
    occurred_to = models.DateField(null=True, blank=True)
    occurred_precision = models.CharField(max_length=10, choices=DatePrecision, blank=True)
    text = models.TextField(blank=True)
    published_on = models.DateField()
    retracted_on = models.DateField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = (models.F("occurred_from").desc(nulls_last=True), "id")
        indexes = (
            models.Index(fields=("country", "occurred_from"), name="published_country_date"),
            models.Index(fields=("theme", "occurred_from"), name="published_theme_date"),
            models.Index(fields=("longitude", "latitude"), name="published_point"),
        )

    def __str__(self) -> str:
        return str(self.id)

    @property
    def harm_codes(self) -> list[str]:
        """Harm codes, the main one first."""
        return [harm.harm for harm in self.harms.all()]


class PublishedHarm(models.Model):
    """One harm of a published incident; rank 0 is the main one."""

    published = models.ForeignKey(PublishedIncident, on_delete=models.CASCADE, related_name="harms")
    harm = models.CharField(max_length=20, choices=Harm)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("published", "harm"), name="harm_once_per_published"),)

    def __str__(self) -> str:
        return self.harm


class PublishedLink(models.Model):
    """A producing area near the masked point. Measured from the cell, never from where it happened."""

    published = models.ForeignKey(PublishedIncident, on_delete=models.CASCADE, related_name="area_links")
    area = models.ForeignKey(ProducingArea, on_delete=models.CASCADE, related_name="published_links")
    distance_m = models.FloatField(help_text="From the masked point, to the nearest kilometre")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("published", "area"), name="area_once_per_published"),)

    def __str__(self) -> str:
        return f"{self.published_id} near {self.area_id}"


def new_snapshot_id() -> str:
    """A short random id that can be printed under a map and typed from it: ten hex digits."""
    return secrets.token_hex(5)


class Snapshot(models.Model):
    """The published incidents at a moment, frozen with the filter that chose them.

    `rows` is gzip of canonical JSON lines, one published incident a line in order of id;
    `digest` is the SHA-256 of those lines before compression, so anyone who holds them can check it.
    """

    id = models.CharField(primary_key=True, max_length=10, default=new_snapshot_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    filter = models.JSONField(_("filter"), default=dict, blank=True)
    rows = models.BinaryField()
    digest = models.CharField(_("digest"), max_length=64)
    shown = models.PositiveIntegerField(_("incidents"))
    without_place = models.PositiveIntegerField(_("without a place"))
    withheld = models.PositiveIntegerField(_("verified but not public"))
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.id
