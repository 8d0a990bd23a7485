from importlib import import_module

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "impact.operations"
    label = "operations"

    def ready(self) -> None:
        import_module("impact.operations.checks")
