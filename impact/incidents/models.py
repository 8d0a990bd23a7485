"""WHAT HAPPENED: reports exactly as sent, and the incidents that they support.

Nothing here ever holds a phone number: a reporter is a pseudonym, and the telephone door knows the rest.
"""

import uuid

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from impact.incidents.messages import Message
from impact.incidents.near_areas import AreaLink, RefusedLink
from impact.understanding.facts import Understanding
from impact.vocabulary import (
    REJECTED,
    SORTED_OUT,
    Channel,
    Credibility,
    DatePrecision,
    FollowUp,
    Harm,
    Perpetrator,
    PlaceMethod,
    PublicationStatus,
    Reliability,
    Scope,
    Triage,
    Verification,
)

__all__ = ["AreaLink", "Incident", "IncidentHarm", "Message", "RefusedLink", "Report", "Reporter"]

PLACE_NAME_LIMIT = 200
PLACE_WORDS_LIMIT = 500


class Reporter(models.Model):
    """Someone who reports, by a pseudonym that a person can remember and nothing else."""

    pseudonym = models.CharField(_("pseudonym"), max_length=60, unique=True)
    wants_no_messages = models.BooleanField(default=False, help_text="Said STOP. They may still report")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.pseudonym


class Incident(models.Model):
    """The finding. Its four statuses answer four different questions and move one by one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=9, unique=True)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="incidents",
        help_text="Whose case it is, by the way that the report came in. Empty: the default organisation's",
    )
    shared_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was shared with the whole coalition, if it was"
    )
    has_identifiable_children = models.BooleanField(
        _("children can be identified"), default=False, help_text="Only senior moderators see it then"
    )

    triage = models.CharField(max_length=20, choices=Triage, default=Triage.NEW)
    verification = models.CharField(max_length=30, choices=Verification, default=Verification.UNVERIFIED)
    publication = models.CharField(
        max_length=20, choices=PublicationStatus, default=PublicationStatus.INTERNAL
    )
    follow_up = models.CharField(max_length=20, choices=FollowUp, default=FollowUp.NONE)
    reliability = models.CharField(max_length=1, choices=Reliability, default=Reliability.F)
    credibility = models.CharField(max_length=1, choices=Credibility, default=Credibility.UNJUDGED)

    perpetrator = models.CharField(max_length=20, choices=Perpetrator, default=Perpetrator.UNKNOWN)
    people = models.JSONField(default=dict, blank=True, help_text='{"killed": {"low": 2, "high": 3}}')
    minerals = models.JSONField(default=list, blank=True)
    occurred_from = models.DateField(null=True, blank=True)
    occurred_to = models.DateField(null=True, blank=True)
    occurred_precision = models.CharField(max_length=10, choices=DatePrecision, blank=True)

    point = models.PointField(srid=4326, null=True, blank=True)
    uncertainty_m = models.FloatField(null=True, blank=True)
    place_name = models.CharField(max_length=PLACE_NAME_LIMIT, blank=True)
    place_words = models.CharField(
        max_length=PLACE_WORDS_LIMIT, blank=True, help_text="The words that the place came from"
    )
    place_method = models.CharField(max_length=20, choices=PlaceMethod, blank=True)
    country = models.CharField(max_length=2, blank=True)

    scope = models.CharField(_("Kimberley Process scope"), max_length=20, choices=Scope, blank=True)
    public_text = models.TextField(blank=True, help_text="What a moderator wrote for the public")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_incidents",
        db_index=False,
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        db_index=False,
    )
    # Kept in step by assessing.py, so that the queue sorts and finds without reading a word.
    urgency = models.PositiveSmallIntegerField(default=0)
    urgency_reasons = models.JSONField(default=list, blank=True, help_text="Codes of vocabulary.Urgency")
    compared_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty until compared with the others: the row is the job"
    )
    version = models.PositiveIntegerField(default=1)
    linked_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty until linked: the row is the job"
    )
    link_request = models.PositiveIntegerField(
        default=0,
        help_text="Raised by who wants it linked again: a linker that read before leaves it waiting",
    )
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ("-received_at",)
        indexes = (
            models.Index(fields=("triage", "verification", "-received_at"), name="incident_queue"),
            models.Index(
                fields=("received_at",), condition=models.Q(linked_at__isnull=True), name="incident_unlinked"
            ),
            models.Index(
                fields=("received_at",),
                condition=models.Q(compared_at__isnull=True),
                name="incident_uncompared",
            ),
            models.Index(fields=("-urgency", "-received_at"), name="incident_urgency"),
            models.Index(fields=("occurred_from",), name="incident_occurred"),
            models.Index(fields=("received_at",), name="incident_received"),
            models.Index(
                fields=("assigned_to",),
                condition=models.Q(assigned_to__isnull=False),
                name="incident_assigned",
            ),
            models.Index(
                fields=("merged_into",), condition=models.Q(merged_into__isnull=False), name="incident_merged"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_dealt_with(self) -> bool:
        """Whether it waits for nobody: public (what is taken back waits again), not confirmed, sorted out."""
        return (
            self.publication == PublicationStatus.PUBLIC
            or self.verification in REJECTED
            or self.triage in SORTED_OUT
        )

    @property
    def harm_codes(self) -> list[str]:
        """Harm codes, the main one first."""
        known = self.__dict__.get("_known_harms")
        return [harm.harm for harm in (self.harms.all() if known is None else known)]

    @property
    def people_counted(self) -> dict[str, int]:
        """By PeopleKind, the lower bounds of those who are counted."""
        return {kind: count["low"] for kind, count in self.people.items() if count.get("low") is not None}

    def know_harms(self, harms: "list[IncidentHarm]") -> None:
        """Tell an incident that is being made its harms, so that nobody asks the database for them."""
        self._known_harms = harms


class SearchEntry(models.Model):
    """The words of a case, folded, for the full-text index of the database (see searching.py)."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="search_entry")
    document = models.TextField()

    def __str__(self) -> str:
        return str(self.incident_id)


class IncidentHarm(models.Model):
    """One harm of an incident; rank 0 is the main one."""

    incident = models.ForeignKey(  # the constraint's index begins with it
        Incident, on_delete=models.CASCADE, related_name="harms", db_index=False
    )
    harm = models.CharField(max_length=20, choices=Harm)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("incident", "harm"), name="harm_once_per_incident"),)

    def __str__(self) -> str:
        return self.harm


class Report(models.Model):
    """One submission, exactly as sent. Never changed, but for the incident that it supports and what its
    reporter agrees to (consenting.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(
        Reporter, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    reference = models.CharField(_("reference"), max_length=9, unique=True)
    follow_up_digest = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=20, choices=Channel)
    source_key = models.CharField(
        max_length=200, unique=True, help_text="Makes a repeated delivery one report"
    )
    text = models.TextField(_("as sent"))
    language = models.CharField(max_length=8, blank=True)
    sender_country = models.CharField(max_length=2, blank=True)
    answers = models.JSONField(
        default=dict, blank=True, help_text="What the reporter chose rather than wrote"
    )
    understanding = models.JSONField(default=dict, blank=True)
    may_follow_up = models.BooleanField(_("may be asked"), default=False)
    may_share = models.BooleanField(_("may be shared in the coalition"), default=False)
    may_publish = models.BooleanField(_("may be published"), default=False)
    received_at = models.DateTimeField()
    is_fictional = models.BooleanField(default=False)

    class Meta:
        ordering = ("received_at",)

    def __str__(self) -> str:
        return self.reference

    @property
    def understood(self) -> Understanding | None:
        """What was read from the text; None when there is no record of it that this version can read."""
        known: Understanding | None = self.__dict__.get("_understood")
        if known is not None:
            return known
        try:
            return Understanding.from_json(self.understanding)
        except (KeyError, TypeError, ValueError):
            return None

    def know_understanding(self, understanding: Understanding) -> None:
        """Tell a report that is being made what was read from it, so that nobody reads the record of it."""
        self.understanding, self._understood = understanding.to_json(), understanding


class Evidence(models.Model):
    """A file that came with a report. The original lies sealed on disk; the row proves what it was."""

    class State(models.TextChoices):
        KEPT = "kept", _("Kept")
        ERASED = "erased", _("Erased")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="evidence")
    sha256 = models.CharField(max_length=64, help_text="Of the original, at intake")
    size_bytes = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=40, help_text="By the content, not by the name")
    file_name = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=40, help_text="The door that it came by")
    state = models.CharField(max_length=10, choices=State, default=State.KEPT)
    received_at = models.DateTimeField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("received_at", "kept_at")
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.media_type} {self.pk}"


class EvidenceCopy(models.Model):
    """A working copy of a picture: pixels alone, sealed on disk. Never the original, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="copies")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveBigIntegerField()
    rectangles = models.JSONField(default=list, help_text="Blurred: left, top, width, height in shares")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("made_at",)
        verbose_name_plural = "evidence copies"

    def __str__(self) -> str:
        return f"copy {self.pk}"
