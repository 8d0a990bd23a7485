from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_decisions_into_ledger")]
    operations = [
        migrations.RemoveField(model_name="decision", name="content_digest"),
        migrations.RemoveField(model_name="decision", name="digest"),
        migrations.RemoveField(model_name="decision", name="previous_digest"),
        migrations.AddField(
            model_name="decision", name="erased_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            model_name="decision", name="salt", field=models.CharField(blank=True, max_length=32)
        ),
    ]
