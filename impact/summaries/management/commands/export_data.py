from argparse import ArgumentParser
from io import BytesIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.summaries.choosing import add_snapshot_arguments, chosen_snapshot, write_file
from impact.summaries.exporting import FORMATS, write_export


class Command(BaseCommand):
    help = f"Write a snapshot's incidents to a file: {', '.join(FORMATS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", metavar="FORMAT", help=", ".join(FORMATS))
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="- is standard output")
        add_snapshot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["format"] not in FORMATS:
            raise CommandError(f"{options['format']} is not one of: {', '.join(FORMATS)}")
        snapshot = chosen_snapshot(options)
        buffer = BytesIO()
        write_export(snapshot, options["format"], buffer)
        write_file(options["output"], buffer.getvalue())
        self.stderr.write(f"snapshot {snapshot.pk}, {snapshot.shown} incidents, digest {snapshot.digest}")
