from django.apps import AppConfig


class SummariesConfig(AppConfig):
    name = "impact.summaries"
    label = "summaries"
