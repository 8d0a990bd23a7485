from typing import Any

from django.core.management.base import BaseCommand

from sms_gateway.providers import PROVIDERS


class Command(BaseCommand):
    help = "Print the address of each configured line for its provider to call. They are secrets."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, provider in PROVIDERS.items():
            if provider.has_webhook and provider.is_enabled():
                self.stdout.write(f"{name} messages {provider.address()}")
                self.stdout.write(f"{name} reports {provider.address(status=True)}")
