"""A line is claimed by its worker with `ask_after`; nothing was stored in the table of before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sms_gateway", "0006_channel_of_other_systems")]

    operations = [
        migrations.DeleteModel(name="Line"),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("provider", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("caught_up_to", models.DateTimeField()),
                ("ask_after", models.DateTimeField()),
                (
                    "error",
                    models.CharField(
                        blank=True, help_text="Of the latest try; a kind or a code", max_length=100
                    ),
                ),
            ],
        ),
    ]
