from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "impact.incidents"
    label = "incidents"
