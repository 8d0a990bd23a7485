from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.exports.keeping import expire_exports
from impact.operations.overwriting import overwrite_erased
from sms_gateway.purging import erase_discarded, erase_expired_numbers


class Command(BaseCommand):
    help = (
        "Erase the numbers whose cases are closed and the words of discarded messages, HEADLAMP_CONTACT_DAYS "
        "after that, the files of old exports, and what other rooms keep for a time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=settings.CONTACT_DAYS)

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        if days < 0:
            raise CommandError(f"--days {days}: 0 or more; what is erased does not come back")
        self.stdout.write(f"{erase_expired_numbers(days)} numbers erased")
        self.stdout.write(f"words of {erase_discarded(days)} discarded messages erased")
        overwrite_erased()
        while expired := expire_exports():
            self.stdout.write(f"files of {expired} exports erased")
        for room in apps.get_app_configs():
            for line in getattr(room, "purge_expired", tuple)():
                self.stdout.write(line)
