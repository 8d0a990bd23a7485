from django.db import connection, migrations, models

from impact.publication.changes import forget_changes


def take_cells_away(apps, schema_editor):
    """The counts by point go, and the triggers that kept them."""
    with connection.cursor() as cursor:
        for verb in ("insert", "update", "delete"):
            name = f"publication_publishedcell_{verb}"
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON publication_publishedincident")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0007_published_cells"),
    ]

    operations = [
        migrations.RunPython(take_cells_away, migrations.RunPython.noop),
        migrations.DeleteModel(name="PublishedCell"),
        migrations.CreateModel(
            name="PublicChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("published_id", models.UUIDField(null=True)),
                ("nonce", models.CharField(max_length=16)),
            ],
        ),
        # The triggers come when the migration is over (apps.py).
        migrations.RunPython(migrations.RunPython.noop, lambda apps, schema_editor: forget_changes()),
    ]
