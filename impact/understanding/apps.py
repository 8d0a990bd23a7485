from django.apps import AppConfig


class UnderstandingConfig(AppConfig):
    name = "impact.understanding"
    label = "understanding"
