from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "impact.incidents"
    label = "incidents"

    def rotate_keys(self) -> Iterator[tuple[str, int, int, int]]:
        """What has to be sealed or digested anew under a new key."""
        yield from import_module("impact.incidents.rotating").rotate_keys()
