from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "impact.operations"
    label = "operations"
