from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.operations.backing_up import make_backup
from impact.operations.backing_up.contents import BackupError


class Command(BaseCommand):
    help = (
        "Back everything up into a new folder of DIR: database, evidence and other files, spool, and the "
        "fingerprints of the keys. The keys themselves are never in it: keep them elsewhere. All may go on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument(
            "--for-any-database",
            action="store_true",
            help="rows that SpatiaLite and PostGIS both take in: to move from one to the other",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = make_backup(
                options["directory"],
                lambda line: self.stderr.write(line),
                for_any_database=options["for_any_database"],
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(str(made))
