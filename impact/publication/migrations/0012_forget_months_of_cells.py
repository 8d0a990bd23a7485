"""The first and the last month of a cell: nothing read them, and one report moved them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publication", "0011_editions")]

    operations = [
        migrations.RemoveField(model_name="coveragecell", name="first_month"),
        migrations.RemoveField(model_name="coveragecell", name="last_month"),
    ]
