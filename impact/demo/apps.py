from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "impact.demo"
    label = "demo"
