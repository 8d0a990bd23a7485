from importlib import import_module

from django.apps import AppConfig


class SmsGatewayConfig(AppConfig):
    name = "sms_gateway"
    label = "sms_gateway"

    def ready(self) -> None:
        import_module("sms_gateway.checks")
