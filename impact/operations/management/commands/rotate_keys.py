from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from impact.sealing import can_open, keys


class Command(BaseCommand):
    help = (
        "Seal and digest everything anew to the first of HEADLAMP_KEYS. Put a new key in front, restart all "
        "processes, run this, and take the old key out when nothing is left. It can be run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not can_open():
            raise CommandError("the private keys are not on this host: run it where the worker is")
        self.stdout.write(f"to key {keys()[0].name} ({keys()[0].identity()})")
        left = 0
        for room in apps.get_app_configs():
            for name, changed, current, failed in getattr(room, "rotate_keys", tuple)():
                left += failed
                self.stdout.write(f"{name}: {changed} changed, {current} current, {failed} could not be")
        if left:
            raise CommandError(f"{left} still need the old key: keep it in HEADLAMP_KEYS")
