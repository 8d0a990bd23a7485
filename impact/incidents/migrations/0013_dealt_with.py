"""What was dealt with before today is no longer urgent."""

from typing import Any

from django.db import migrations
from django.db.models import Q


def calm(apps: Any, schema_editor: Any) -> None:
    dealt_with = (
        Q(publication="public")
        | Q(verification__in=("not_substantiated", "falsely_attributed"))
        | Q(triage__in=("spam", "out_of_scope", "duplicate"))
    )
    incidents = apps.get_model("incidents", "Incident").objects
    incidents.filter(dealt_with, urgency__gt=0).update(urgency=0, urgency_reasons=[])


class Migration(migrations.Migration):
    dependencies = [("incidents", "0012_fewer_indexes")]
    operations = [migrations.RunPython(calm, migrations.RunPython.noop, elidable=True)]
