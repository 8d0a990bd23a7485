"""Indexes that were written with every message and that nothing asked by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from impact.operations.indexes import WithoutOwnIndex, without_like_indexes


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_notices"),
        ("incidents", "0011_openrosa_channel"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="arealink",
            name="incident",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="area_links",
                to="incidents.incident",
            ),
        ),
        WithoutOwnIndex(
            model_name="incident",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="assigned_incidents",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        WithoutOwnIndex(
            model_name="incident",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="incidents.incident",
            ),
        ),
        WithoutOwnIndex(
            model_name="incidentharm",
            name="incident",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="harms",
                to="incidents.incident",
            ),
        ),
        WithoutOwnIndex(
            model_name="message",
            name="in_reply_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="incidents.message",
            ),
        ),
        WithoutOwnIndex(
            model_name="message",
            name="moderator",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("assigned_to__isnull", False)),
                fields=["assigned_to"],
                name="incident_assigned",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["merged_into"],
                name="incident_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("moderator__isnull", False)),
                fields=["moderator"],
                name="message_of_moderator",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("in_reply_to__isnull", False)),
                fields=["in_reply_to"],
                name="message_answers",
            ),
        ),
        without_like_indexes("incidents_incident", "incidents_report", "incidents_reporter"),
    ]
