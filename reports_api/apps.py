from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig


class ReportsApiConfig(AppConfig):
    name = "reports_api"
    label = "reports_api"

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """What the programs of partners have to say to `doctor`."""
        yield from import_module("reports_api.hooks.doctor").doctor_lines()

    def rotate_keys(self) -> Iterator[tuple[str, int, int, int]]:
        """What has to be sealed or digested anew under a new key."""
        yield from import_module("reports_api.keys.making").rotate_keys()
        yield from import_module("reports_api.hooks.keeping").rotate_secrets()

    def purge_expired(self) -> Iterator[str]:
        """What is kept too long already: a line on each kind that was erased."""
        yield f"{import_module('reports_api.hooks.keeping').forget_deliveries()} webhook deliveries erased"
        yield f"{import_module('reports_api.hooks.keeping').forget_secrets()} secrets of webhooks erased"
