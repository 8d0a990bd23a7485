"""What a map and a brief stand on besides incidents, kept in the state in which a snapshot found it."""

from django.db import models


class Edition(models.Model):
    """One state of the producing areas, of the largest places, or of the reporting effort.

    `rows` is gzip of canonical JSON lines, `digest` the SHA-256 of those lines in hex. The same state is kept
    once, however many snapshots stand on it, and is never changed.
    """

    class Kind(models.TextChoices):
        AREAS = "areas", "producing areas"
        PLACES = "places", "places"
        COVERAGE = "coverage", "reporting effort"

    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=64)
    rows = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "digest"), name="edition_kept_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:10]}"
