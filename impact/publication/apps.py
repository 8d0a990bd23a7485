from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class PublicationConfig(AppConfig):
    name = "impact.publication"
    label = "publication"

    def ready(self) -> None:
        post_migrate.connect(_keep_changes, sender=self, dispatch_uid="keep_public_changes")

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """What `doctor` says of when the world sees a decision."""
        days = settings.PUBLICATION_DELAY_DAYS
        delayed = f"on the first Monday after {days} days, and after the published period"
        yield "publication", delayed if days else "at once: the day of publication can narrow the day", False


def _keep_changes(**_signal: Any) -> None:
    # A table that SQLite rebuilds for a migration loses its triggers, so they are put back after each.
    from impact.publication.changes import keep_changes

    keep_changes()
