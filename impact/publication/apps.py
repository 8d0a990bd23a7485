from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "impact.publication"
    label = "publication"
