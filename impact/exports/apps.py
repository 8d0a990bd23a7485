from collections.abc import Iterator
from importlib import import_module

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "impact.exports"
    label = "exports"

    def doctor_lines(self) -> Iterator[tuple[str, str, bool]]:
        """The keys that packages are signed with, for whoever is to check one."""
        for name, public in import_module("impact.sealing").signing_public_keys():
            yield f"packages are signed by {name}", public, False
