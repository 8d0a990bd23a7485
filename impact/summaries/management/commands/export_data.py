import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.summaries.choosing import add_snapshot_arguments, chosen_snapshot, new_file
from impact.summaries.exporting import FORMATS, files_beside, write_export, write_export_file
from impact.summaries.formats.options import ExportOptions
from impact.summaries.formats.xlsx_file import TooManyRows


class Command(BaseCommand):
    help = "Write the incidents of a snapshot as a data file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", metavar="FORMAT", help=", ".join(FORMATS))
        parser.add_argument("-o", "--output", default="-", metavar="FILE", help="- is standard output")
        parser.add_argument("--hxl", action="store_true", help="CSV: a row of HXL tags under the head")
        parser.add_argument("--acled", action="store_true", help="CSV: columns in the style of ACLED")
        parser.add_argument(
            "--lang",
            choices=[code for code, _name in settings.LANGUAGES],
            default="en",
            help="of the data dictionary and the notes",
        )
        add_snapshot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        name, target = options["format"], options["output"]
        if name not in FORMATS:
            raise CommandError(f"{name} is not one of: {', '.join(FORMATS)}")
        if (options["hxl"] or options["acled"]) and name != "csv":
            raise CommandError("--hxl and --acled are for csv")
        if options["hxl"] and options["acled"]:
            raise CommandError("--hxl and --acled are two kinds of csv: choose one")
        chosen = ExportOptions(options["lang"], has_hxl=options["hxl"], is_acled_style=options["acled"])
        snapshot = chosen_snapshot(options)
        try:
            if target == "-":
                write_export(snapshot, name, sys.stdout.buffer, chosen)
            else:
                with new_file(target) as file:
                    write_export_file(snapshot, name, file, chosen)
        except TooManyRows as error:
            raise CommandError(str(error)) from None
        if name == "shp" and Path(target).suffix.lower() == ".shp":
            self.stderr.write(f"{target} is a zip archive of the Shapefile's parts: call it .zip to open it")
        if target != "-" and not chosen.is_acled_style:
            for ending, write in files_beside(snapshot, name, chosen):
                beside = str(Path(target).with_suffix(ending))
                with new_file(beside) as file, file.open("wb") as stream:
                    write(stream)
                self.stderr.write(f"beside it: {beside}")
        self.stderr.write(f"snapshot {snapshot.pk}, {snapshot.shown} incidents, digest {snapshot.digest}")
