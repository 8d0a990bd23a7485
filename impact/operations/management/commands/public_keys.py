from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.sealing import keys


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Print HEADLAMP_KEYS for a host that only receives: it seals and finds, and opens nothing. "
        "Give it to the web host; keep the full keys where the worker runs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            forms = [key.public_form() for key in keys()]
        except ValueError as error:
            raise CommandError(f"{error}: put a new key in front and run rotate_keys first") from None
        self.stdout.write(f"HEADLAMP_KEYS={','.join(forms)}")
