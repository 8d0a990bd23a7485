"""What is kept beside a producing area: its names, its changes, what may be the same, how files are read."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaAlias(models.Model):
    """Another name of a producing area, in its language where that is known.

    Those of the source are replaced with each import; those of a moderator stay.
    """

    class Origin(models.TextChoices):
        SOURCE = "source", _("From the source")
        MODERATOR = "moderator", _("From a moderator")

    area = models.ForeignKey("places.ProducingArea", on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language"), max_length=8, blank=True, help_text=_("ISO 639; empty if unknown")
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SOURCE)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("area", "name", "language"), name="alias_once_per_area"),
        )

    def __str__(self) -> str:
        return self.name


class AreaChange(models.Model):
    """One change of a producing area: who or which file, when, from what to what, why. Only ever added."""

    class Action(models.TextChoices):
        IMPORTED = "imported", _("Updated by an import")
        CORRECTED = "corrected", _("Corrected")
        NAMED = "named", _("Name added")
        UNNAMED = "unnamed", _("Name removed")
        JOINED = "joined", _("Joined")
        SPLIT = "split", _("Split again")
        APART = "apart", _("Told apart")
        RETIRED = "retired", _("Retired")
        RESTORED = "restored", _("Taken back into use")
        GONE = "gone", _("No longer in its source")

    area = models.ForeignKey("places.ProducingArea", on_delete=models.CASCADE, related_name="changes")
    action = models.CharField(max_length=10, choices=Action)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.area_id} {self.action}"


class AreaPair(models.Model):
    """Two producing areas of different sources that may be one real place. `one` has the smaller key."""

    class Verdict(models.TextChoices):
        OPEN = "open", _("Not decided")
        SAME = "same", _("The same place")
        APART = "apart", _("Two places")

    one = models.ForeignKey("places.ProducingArea", on_delete=models.CASCADE, related_name="pairs_first")
    other = models.ForeignKey("places.ProducingArea", on_delete=models.CASCADE, related_name="pairs_second")
    distance_m = models.FloatField(_("distance in metres"))
    closeness = models.FloatField(help_text="Of the nearest two of their names, 0 to 1")
    verdict = models.CharField(max_length=5, choices=Verdict, default=Verdict.OPEN, db_index=True)

    class Meta:
        ordering = ("-closeness", "distance_m", "pk")
        constraints = (models.UniqueConstraint(fields=("one", "other"), name="pair_once"),)

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.verdict}"


class AreaRecipe(models.Model):
    """How the files of one source are read: what an import was told, to be told again by one name."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    options = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
