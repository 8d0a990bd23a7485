"""What was published before: a salt of its own each, its mask kept, and counts only where that is the rule now."""

from django.db import migrations

from impact.publication.models import new_salt

COUNTED_ONLY = "sexual_violence"
EMPTY = (
    "theme perpetrator verification reliability credibility country cell occurred_precision text".split(),
    "killed injured arrested displaced affected longitude latitude uncertainty_m occurred_from occurred_to".split(),
)


def carry_over(apps, schema_editor):
    published_incidents = apps.get_model("publication", "PublishedIncident").objects
    kept = apps.get_model("publication", "KeptMask").objects
    counted = apps.get_model("publication", "CountedIncident").objects
    for published in published_incidents.iterator():
        published.salt = new_salt()
        if published.retracted_on is None:
            kept.create(
                incident_key=published.incident_key,
                cell=published.cell,
                country=published.country,
                occurred_from=published.occurred_from,
                occurred_to=published.occurred_to,
                occurred_precision=published.occurred_precision,
            )
            if published.harms.filter(harm=COUNTED_ONLY).exists():
                counted.create(
                    incident_key=published.incident_key,
                    harm=COUNTED_ONLY,
                    country=published.country,
                    year=published.occurred_from.year if published.occurred_from else None,
                    is_fictional=published.is_fictional,
                )
                published.harms.all().delete()
                published.area_links.all().delete()
                published.retracted_on = published.published_on
                published.minerals = []
                for names, value in zip(EMPTY, ("", None), strict=True):
                    for name in names:
                        setattr(published, name, value)
        published.save()


class Migration(migrations.Migration):
    dependencies = [("publication", "0002_safe_by_construction")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
