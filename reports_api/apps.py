from django.apps import AppConfig


class ReportsApiConfig(AppConfig):
    name = "reports_api"
    label = "reports_api"
