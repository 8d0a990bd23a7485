"""What snapshots are kept as; part of the room's models."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.publication.snapshots.editions import Edition


def new_snapshot_id() -> str:
    """A short random id that can be printed under a map and typed from it: ten hex digits."""
    return secrets.token_hex(5)


class Snapshot(models.Model):
    """The published incidents at a moment, frozen with the filter that chose them.

    `rows` is gzip of canonical JSON lines, one published incident a line in order of id. `digest` is the
    SHA-256 over the SHA-256 of each line (with its line feed), in hex, a line each. So the digest can still
    be checked when an incident was taken back later, and its line is a stone with the line's SHA-256 instead.
    """

    id = models.CharField(primary_key=True, max_length=10, default=new_snapshot_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    filter = models.JSONField(_("filter"), default=dict, blank=True)
    rows = models.BinaryField()
    digest = models.CharField(_("digest"), max_length=64)
    shown = models.PositiveIntegerField(_("incidents"))
    without_place = models.PositiveIntegerField(_("without a place"))
    withheld = models.PositiveIntegerField(
        _("verified but not public"), help_text="Rounded down to a multiple of five"
    )
    is_publication_day = models.BooleanField(_("made on a publication day"), default=False)
    is_fictional = models.BooleanField(default=False)
    # What its maps and briefs stand on besides; empty in snapshots from before that was frozen too.
    areas_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    places_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")
    coverage_edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.id


class SnapshotPart(models.Model):
    """Some of a snapshot's incidents, in order, as columns: made from its lines, and quicker to read.

    `columns` is an Arrow stream of one batch (impact.publication.snapshots.record_batches).
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    columns = models.BinaryField()

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("snapshot", "number"), name="snapshot_part_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.snapshot_id}, part {self.number}"
