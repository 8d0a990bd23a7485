"""Whoever had a role gets the same one in the coalition's default organisation."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def move_roles(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    users = apps.get_model("accounts", "User").objects.all()
    if not users.exists():
        return
    organisation, _made = apps.get_model("accounts", "Organisation").objects.get_or_create(
        is_default=True, defaults={"name": "Coalition"}
    )
    membership = apps.get_model("accounts", "Membership")
    membership.objects.bulk_create(
        membership(user=user, organisation=organisation, role=user.role) for user in users
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_organisations")]
    operations = [migrations.RunPython(move_roles, migrations.RunPython.noop)]
