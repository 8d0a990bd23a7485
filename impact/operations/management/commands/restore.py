from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.operations.backing_up import restore_backup
from impact.operations.backing_up.contents import BackupError


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Put a backup in the place of this database and its files. DIR is one backup or holds several: then "
        "the latest. Stop all processes first; every file is checked before anything is touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", metavar="DIR", type=Path)
        parser.add_argument("--force", action="store_true", help="even where the database is not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore_backup(
                options["directory"], lambda line: self.stderr.write(line), is_forced=options["force"]
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"restored the backup of {manifest.made_at}: {sum(manifest.rows.values())} rows, "
            f"{len(manifest.files)} files"
        )
