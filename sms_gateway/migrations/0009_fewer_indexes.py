"""Indexes that were written with every message and that nothing asked by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from impact.operations.indexes import WithoutOwnIndex, without_like_indexes


class Migration(migrations.Migration):
    dependencies = [
        ("sms_gateway", "0008_openrosa_channel"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WithoutOwnIndex(
            model_name="inboundmessage",
            name="contact",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="sms_gateway.contact",
            ),
        ),
        WithoutOwnIndex(
            model_name="inboundmessage",
            name="repeats",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="repetitions",
                to="sms_gateway.inboundmessage",
            ),
        ),
        WithoutOwnIndex(
            model_name="inboundmessage",
            name="reviewed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        WithoutOwnIndex(
            model_name="outboundmessage",
            name="contact",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sent_messages",
                to="sms_gateway.contact",
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmessage",
            index=models.Index(
                condition=models.Q(("repeats__isnull", False)), fields=["repeats"], name="inbound_repeats"
            ),
        ),
        migrations.AddIndex(
            model_name="inboundmessage",
            index=models.Index(
                condition=models.Q(("reviewed_by__isnull", False)),
                fields=["reviewed_by"],
                name="inbound_reviewed",
            ),
        ),
        without_like_indexes("sms_gateway_contact"),
    ]
