from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig


class SmsGatewayConfig(AppConfig):
    name = "sms_gateway"
    label = "sms_gateway"

    def ready(self) -> None:
        import_module("sms_gateway.checks")
        import_module("sms_gateway.providers").complete_settings()

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """What the telephones have to say to `doctor`: name, value, and whether that will fail."""
        for module in ("sms_gateway.configured", "sms_gateway.desk.health"):
            yield from import_module(module).doctor_lines()

    def rotate_keys(self) -> Iterator[tuple[str, int, int, int]]:
        """What has to be sealed or digested anew under a new key."""
        yield from import_module("sms_gateway.rotating").rotate_keys()
