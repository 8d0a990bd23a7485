import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from impact.operations.limiting import LimitedCommand
from impact.places.importing.area_files import spooled_input
from impact.places.importing.places import import_places, import_shipped_places
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused

_SAY_EVERY = 20_000


class Command(LimitedCommand):
    help = (
        "Bring a gazetteer in: the GeoNames 19-column tab format, or CSV with the columns "
        "name,aliases,country,lat,lon,population (and, if there, id, feature_code, admin1, radius_m). "
        ".gz and .zip are read as they are. Run again, it updates what changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the file, or - for standard input")
        parser.add_argument(
            "--shipped", action="store_true", help="the gazetteer that comes with the product"
        )
        parser.add_argument("--source", default="", help="name of the data set; GeoNames, or the file's name")
        parser.add_argument("--dry-run", action="store_true", help="report the same and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == options["shipped"]:
            raise CommandError("give a file, or --shipped")
        try:
            report = self._report(options)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        for line in report.lines():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")

    def _report(self, options: dict[str, Any]) -> ImportReport:
        if options["shipped"]:
            return import_shipped_places(is_dry_run=options["dry_run"], progress=self._say)
        with ExitStack() as stack:
            from_input = options["file"] == "-"
            path = spooled_input(sys.stdin.buffer, stack) if from_input else Path(options["file"])
            return import_places(
                path, source_name=options["source"], is_dry_run=options["dry_run"], progress=self._say
            )

    def _say(self, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0:
            self.stderr.write(f"{done} of {total} lines")
