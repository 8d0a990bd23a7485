"""WHERE: producing areas and the gazetteer."""

from django.conf import settings
from django.contrib.gis.db import models
from django.utils.translation import gettext_lazy as _

from impact.places.area_records import AreaAlias, AreaChange, AreaPair, AreaRecipe
from impact.places.site_codes import site_code
from impact.vocabulary import AreaKind, ProductionKind, StoneQuality

__all__ = ["AreaAlias", "AreaChange", "AreaPair", "AreaRecipe", "Place", "ProducingArea", "TaughtName"]


class AreaQuerySet(models.QuerySet["ProducingArea"]):
    def leading(self) -> "AreaQuerySet":
        """One row for each real place: without those that were joined to another."""
        return self.filter(joined_to__isnull=True)

    def in_use(self) -> "AreaQuerySet":
        """Those that new incidents are linked to: leading, and not retired."""
        return self.leading().filter(retired_on__isnull=True)


class ProducingArea(models.Model):
    """Somewhere that minerals come from: a point, or a polygon where one is known. WGS 84.

    One row for each source that has it. Where a moderator said that several are one real place, one of
    them leads and the others are `joined_to` it. `aliases` are all names of `other_names`, flat, for reading.
    """

    name = models.CharField(_("name"), max_length=200)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind, default=AreaKind.UNKNOWN)
    minerals = models.JSONField(_("minerals"), default=list, blank=True)
    operator = models.CharField(_("operator"), max_length=200, blank=True)
    geometry = models.GeometryField(_("geometry"), srid=4326)
    accuracy_m = models.FloatField(_("accuracy in metres"), null=True, blank=True)
    is_approximate = models.BooleanField(_("approximate"), default=False)
    source = models.CharField(_("source"), max_length=300)
    source_key = models.CharField(_("identifier in the source"), max_length=200)
    source_name = models.CharField(_("data set"), max_length=200)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    note = models.TextField(_("note"), blank=True)
    title_holder = models.CharField(_("title holder"), max_length=200, blank=True)
    active_from = models.DateField(_("worked from"), null=True, blank=True)
    active_to = models.DateField(_("worked until"), null=True, blank=True)
    source_date = models.DateField(_("date of the source"), null=True, blank=True)
    absent_since = models.DateField(
        _("no longer in its source since"), null=True, blank=True, help_text="Listed, never deleted"
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    retired_because = models.TextField(_("why it was retired"), blank=True)
    joined_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("joined to"),
    )
    corrected = models.JSONField(
        default=list, blank=True, help_text="Fields that a moderator set: imports leave them alone"
    )
    version = models.PositiveIntegerField(default=1)
    relinked_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty until the incidents around were marked: the row is the job"
    )
    published_version = models.PositiveIntegerField(
        default=0, help_text="The version that links of published incidents follow: another is the job"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("country", "name")
        constraints = (
            models.UniqueConstraint(fields=("source_name", "source_key"), name="area_once_per_source"),
        )
        indexes = (
            models.Index(fields=("country", "name"), name="area_country_name"),
            models.Index(
                fields=("id",), condition=models.Q(relinked_at__isnull=True), name="area_not_relinked"
            ),
            models.Index(
                fields=("id",),
                condition=~models.Q(published_version=models.F("version")),
                name="area_not_followed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"

    @property
    def site_code(self) -> str:
        """What monitors write in a text instead of the name, such as "SL17-43"."""
        return site_code(self.country, self.pk)


class ProductionFigure(models.Model):
    """What a country or an area is said to have produced in a period, by one source. Rough diamonds.

    A figure is never changed: a correction is a new row, and the old one keeps when it was superseded
    and by which. No carats, or no value, means that the source does not disclose it, never nought.
    """

    country = models.CharField(_("country"), max_length=2)
    area = models.ForeignKey(
        ProducingArea, on_delete=models.PROTECT, null=True, blank=True, related_name="production_figures"
    )
    from_on = models.DateField(_("first day"))
    to_on = models.DateField(_("last day"))
    kind = models.CharField(_("kind"), max_length=12, choices=ProductionKind, default=ProductionKind.TOTAL)
    quality = models.CharField(_("quality"), max_length=12, choices=StoneQuality, blank=True)
    carats = models.DecimalField(_("carats"), max_digits=18, decimal_places=2, null=True, blank=True)
    value_usd = models.DecimalField(_("value in US$"), max_digits=20, decimal_places=2, null=True, blank=True)
    is_approximate = models.BooleanField(_("approximate"), default=False)
    source = models.CharField(_("source"), max_length=300)
    source_name = models.CharField(_("data set"), max_length=200)
    source_rows = models.CharField(_("rows of the source"), max_length=100, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    imported_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="supersedes"
    )

    class Meta:
        ordering = ("country", "from_on", "kind", "quality", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source_name", "country", "from_on", "to_on", "kind", "quality"),
                condition=models.Q(superseded_at__isnull=True, area__isnull=True),
                name="figure_once_a_country",
            ),
            models.UniqueConstraint(
                fields=("source_name", "area", "from_on", "to_on", "kind", "quality"),
                condition=models.Q(superseded_at__isnull=True, area__isnull=False),
                name="figure_once_an_area",
            ),
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="figure_has_a_period"
            ),
        )
        indexes = (models.Index(fields=("country", "from_on"), name="figure_country_from"),)

    def __str__(self) -> str:
        return f"{self.country} {self.from_on} {self.kind}"


class Place(models.Model):
    """A row of the gazetteer: a named, populated place or region with a point. WGS 84."""

    name = models.CharField(_("name"), max_length=200)
    aliases = models.JSONField(_("other names"), default=list, blank=True)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=100, blank=True)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    radius_m = models.FloatField(_("radius in metres"))
    population = models.PositiveIntegerField(_("population"), default=0)
    feature_code = models.CharField(_("GeoNames feature code"), max_length=10, blank=True)
    source_name = models.CharField(_("data set"), max_length=200)
    source_key = models.CharField(_("identifier in the source"), max_length=200)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ("country", "name")
        constraints = (
            models.UniqueConstraint(fields=("source_name", "source_key"), name="place_once_per_source"),
        )
        indexes = (models.Index(fields=("country", "name"), name="place_country_name"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.country})"


class TaughtName(models.Model):
    """What a report calls a place, as one moderator saw it. Read with from then on in that country, and
    everywhere once a second moderator has seen the same.

    The point is that of the gazetteer's place or the producing area, or one that the moderator set.
    """

    written = models.CharField(_("as reports write it"), max_length=60)
    key = models.CharField(max_length=60, db_index=True, help_text="The name folded for comparing")
    country = models.CharField(_("country"), max_length=2)
    called = models.CharField(_("name of the place"), max_length=200)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, null=True, blank=True)
    area = models.ForeignKey(ProducingArea, on_delete=models.CASCADE, null=True, blank=True)
    longitude = models.FloatField(_("longitude"))
    latitude = models.FloatField(_("latitude"))
    radius_m = models.FloatField(_("radius in metres"))
    taught_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    taught_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("key", "pk")

    def __str__(self) -> str:
        return f"{self.written} ({self.country}): {self.called}"
