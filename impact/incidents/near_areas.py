"""Which producing areas an incident is linked to, and to which a moderator said that it is not."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from impact.places.models import ProducingArea


class AreaLink(models.Model):
    """An incident beside a producing area: inside it or near it, and how far, and how sure.

    Proposed by rule until a moderator confirms it. `share` is the part of the incident's disc (its point with
    its uncertainty) that lies within the area or its neighbourhood, `share_inside` within the area itself.
    """

    class Relation(models.TextChoices):
        INSIDE = "inside", _("Inside")
        NEAR = "near", _("Near")

    class Method(models.TextChoices):
        RULE = "rule", _("Proposed by rule")
        MODERATOR = "moderator", _("Confirmed by a moderator")

    incident = models.ForeignKey(  # the constraint's index begins with it
        "incidents.Incident", on_delete=models.CASCADE, related_name="area_links", db_index=False
    )
    area = models.ForeignKey(ProducingArea, on_delete=models.CASCADE, related_name="incident_links")
    relation = models.CharField(max_length=10, choices=Relation)
    distance_m = models.FloatField()
    uncertainty_m = models.FloatField()
    share = models.FloatField(default=1.0)
    share_inside = models.FloatField(default=0.0)
    rank = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=10, choices=Method, default=Method.RULE)

    class Meta:
        ordering = ("rank",)
        constraints = (models.UniqueConstraint(fields=("incident", "area"), name="area_once_per_incident"),)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.relation} {self.area_id}"


class RefusedLink(models.Model):
    """A moderator said that an incident has nothing to do with an area: the rule never proposes it again."""

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="refused_links")
    area = models.ForeignKey(ProducingArea, on_delete=models.CASCADE, related_name="refused_links")
    refused_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("incident", "area"), name="refused_once"),)

    def __str__(self) -> str:
        return f"{self.incident_id} not {self.area_id}"
