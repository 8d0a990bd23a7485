"""WHAT THE WORLD MAY SEE. Every public page, tile, feed, API answer and export reads these tables only.

There is no foreign key to an incident on purpose: no query that starts here can reach testimony.
"""

import secrets
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.places.models import ProducingArea
from impact.publication.changes import PublicChange as PublicChange
from impact.publication.snapshots.editions import Edition as Edition
from impact.publication.snapshots.models import Snapshot as Snapshot
from impact.publication.snapshots.models import SnapshotPart as SnapshotPart
from impact.publication.snapshots.models import new_snapshot_id as new_snapshot_id
from impact.vocabulary import (
    Credibility,
    DatePrecision,
    Harm,
    Perpetrator,
    Reliability,
    Theme,
    Verification,
)


def new_salt() -> str:
    """128 random bits in hex: whoever holds only the digest of a line cannot guess the line."""
    return secrets.token_hex(16)


class PublishedIncident(models.Model):
    """The public version of an incident: safe words, a masked point drawn once, a coarse date.

    Nothing is in this table before its day of publication, and what may be told in counts only never is.
    A row with `retracted_on` is the stone of an incident that was taken back: all else in it is empty.
    """

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
    salt = models.CharField(
        max_length=32, default=new_salt, editable=False, help_text="Makes the line of a snapshot unguessable"
    )
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = (models.F("occurred_from").desc(nulls_last=True), "id")
        indexes = (
            models.Index(fields=("country", "occurred_from"), name="published_country_date"),
            models.Index(fields=("longitude", "latitude"), name="published_point"),
            # What every page counts is counted in these alone, in order and without the rows.
            models.Index(
                fields=("theme", "occurred_from"),
                name="public_by_theme_and_day",
                condition=models.Q(retracted_on__isnull=True),
            ),
            models.Index(
                fields=("country", "perpetrator", "verification", "credibility", "occurred_from"),
                name="public_by_who",
                condition=models.Q(retracted_on__isnull=True),
            ),
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


class CoverageMonth(models.Model):
    """How much reporting there was from a country in a month: what a count of incidents must be read with.

    None stands for fewer than five: such numbers are not in this table at all.
    """

    class State(models.TextChoices):
        REPORTS = "reports", _("Reports came")
        NO_REPORTS = "no_reports", _("No reports, though people report from there")
        NO_COVERAGE = "no_coverage", _("No coverage: nobody was there to report")

    country = models.CharField(max_length=2)
    month = models.DateField(help_text="Its first day")
    state = models.CharField(max_length=12, choices=State)
    reports = models.PositiveIntegerField(null=True)
    reporters = models.PositiveIntegerField(null=True)
    monitors = models.PositiveIntegerField(null=True, help_text="Who reported in three months or more")
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ("country", "month")
        constraints = (models.UniqueConstraint(fields=("country", "month"), name="coverage_once_a_month"),)

    def __str__(self) -> str:
        return f"{self.country} {self.month}"


class CoverageCell(models.Model):
    """A coarse H3 cell in which five different people or more told of public incidents, and of how many at
    least."""

    cell = models.CharField(max_length=16, unique=True)
    longitude = models.FloatField(help_text="Of the middle, WGS 84")
    latitude = models.FloatField()
    reports_at_least = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ("cell",)

    def __str__(self) -> str:
        return self.cell


class VerificationMonth(models.Model):
    """How long half of the cases of the whole coalition that were verified in a month had waited at most.

    Written once, when the month is over, and never again, so that no two answers can be subtracted. A month
    with fewer than five cases has no `wait` and no count; counts are rounded down to a multiple of five.
    """

    class Wait(models.TextChoices):
        WEEK = "week", _("up to a week")
        TWO_WEEKS = "two_weeks", _("up to two weeks")
        MONTH = "month", _("up to a month")
        THREE_MONTHS = "three_months", _("up to three months")
        LONGER = "longer", _("longer than three months")

    month = models.DateField(unique=True, help_text="Its first day")
    cases_at_least = models.PositiveIntegerField(null=True)
    wait = models.CharField(max_length=12, choices=Wait, blank=True)

    class Meta:
        ordering = ("month",)

    def __str__(self) -> str:
        return f"{self.month}"


def new_tag() -> str:
    """A random tag, so that nobody learns from two of them how much happened between."""
    return secrets.token_hex(8)


class DuePublication(models.Model):
    """What a moderator published and the world sees from its day on. Private until then."""

    incident_key = models.UUIDField(unique=True, editable=False)
    due_on = models.DateField(db_index=True)
    version = models.JSONField(help_text="The public version as it was decided")

    def __str__(self) -> str:
        return f"due on {self.due_on}"


class KeptMask(models.Model):
    """The cell and the period that were published for an incident last, also after it was taken back.

    Private: what is published later is worked out from it, so that no two versions cross in a smaller place.
    """

    incident_key = models.UUIDField(unique=True, editable=False)
    cell = models.CharField(max_length=16, blank=True)
    country = models.CharField(max_length=2, blank=True)
    occurred_from = models.DateField(null=True, blank=True)
    occurred_to = models.DateField(null=True, blank=True)
    occurred_precision = models.CharField(max_length=10, choices=DatePrecision, blank=True)

    def __str__(self) -> str:
        return self.cell


class Retraction(models.Model):
    """That a published incident was taken back, and when: snapshots made before show a stone in its place."""

    public_id = models.UUIDField(editable=False)
    retracted_at = models.DateTimeField(db_index=True)
    is_erased = models.BooleanField(default=False, help_text="From the stored lines of snapshots too")

    def __str__(self) -> str:
        return str(self.public_id)


class CountedIncident(models.Model):
    """One harm of an incident that may be told in counts only. Never a page, a point or a row of a file.

    Private: public figures read it through impact.publication.counting, which rounds.
    """

    incident_key = models.UUIDField(editable=False)
    harm = models.CharField(max_length=20, choices=Harm)
    country = models.CharField(max_length=2, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("incident_key", "harm"), name="harm_once_per_counted"),
        )
        indexes = (models.Index(fields=("harm", "country", "year"), name="counted_cell"),)

    def __str__(self) -> str:
        return f"{self.harm} {self.country} {self.year}"


class PublicState(models.Model):
    """One row: a random tag that is new whenever anything public changes. Caches ask by it."""

    tag = models.CharField(max_length=16, default=new_tag)
    snapshot_tag = models.CharField(
        max_length=16, blank=True, help_text="The tag when the last snapshot of a publication day was made"
    )

    def __str__(self) -> str:
        return self.tag


class AlertSubscription(models.Model):
    """Somebody who asked to be told by e-mail what is published of a country or near an area. Private.

    The address and the key of the links are sealed; `digest` finds the row by the key. The row is the job: no
    mail was sent yet while `asked_at` is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed_address = models.TextField()
    address_print = models.CharField(max_length=64, help_text="Keyed fingerprint of the address")
    sealed_key = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=30, help_text='"country CD", "area 12" or "all"')
    country = models.CharField(max_length=2, blank=True)
    area = models.ForeignKey(ProducingArea, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_through = models.DateField(
        null=True, blank=True, help_text="The last publication day that was told of"
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address_print", "scope"), name="alert_once_per_scope"),
        )

    def __str__(self) -> str:
        return str(self.id)
