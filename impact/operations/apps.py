from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "impact.operations"
    label = "operations"

    def ready(self) -> None:
        import_module("impact.operations.checks")

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        from impact.operations.server_log import doctor_lines

        return doctor_lines()
