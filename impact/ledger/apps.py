from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "impact.ledger"
    label = "ledger"

    def ready(self) -> None:
        from impact.ledger import checks  # noqa: F401  (registers itself)

        post_migrate.connect(_protect, sender=self, dispatch_uid="protect_ledger")

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        from impact.ledger.guarding import doctor_lines

        return doctor_lines()


def _protect(**_signal: Any) -> None:
    # A table that SQLite rebuilds for a migration loses its triggers, so they are put back after each.
    from impact.ledger.guarding import protect_tables

    protect_tables()
