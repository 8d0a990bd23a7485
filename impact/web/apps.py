from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "impact.web"
    label = "web"
