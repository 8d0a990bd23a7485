"""What is public is linked anew: cells that are much larger than an area's reach are no longer linked to it."""

from typing import Any

from django.db import migrations


def follow_all_areas_again(apps: Any, _editor: Any) -> None:
    apps.get_model("places", "ProducingArea").objects.update(published_version=0)


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0012_forget_months_of_cells"),
        ("places", "0005_followed_areas"),
    ]

    operations = [migrations.RunPython(follow_all_areas_again, migrations.RunPython.noop)]
