from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.exports.choices import Choices
from impact.exports.packing import write_package
from impact.sealing import UnsealError
from impact.summaries.choosing import add_snapshot_arguments, chosen_country, chosen_snapshot, open_output
from impact.summaries.exporting import FORMATS
from impact.summaries.formats.xlsx_file import TooManyRows
from impact.summaries.maps import MAP_SIZES, MAP_STYLES


class Command(BaseCommand):
    help = "A zip of a snapshot's map, brief, data and lines, with a signed manifest (docs/check_package.py)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-o", "--output", required=True, metavar="FILE.zip", help="- is standard output")
        parser.add_argument(
            "--country", metavar="CC", default="", help="ISO code; a new snapshot is narrowed to it"
        )
        parser.add_argument("--lang", choices=[code for code, _name in settings.LANGUAGES], default="en")
        parser.add_argument("--data", choices=list(FORMATS), default="gpkg", help="the format of the data")
        parser.add_argument("--size", choices=list(MAP_SIZES), default="a4", help="of the map")
        parser.add_argument("--style", choices=MAP_STYLES, default=MAP_STYLES[0], help="of the map")
        parser.add_argument("--title", default="", help="of map and brief")
        add_snapshot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        country = chosen_country(options["country"])
        if country and options["snapshot"]:
            raise CommandError("--country narrows a new snapshot; --snapshot names one that is made")
        choices = Choices(
            language=options["lang"],
            title=options["title"].strip(),
            size=options["size"],
            style=options["style"],
            data=options["data"],
        )
        snapshot = chosen_snapshot(options, *([f"country={country}"] if country else []))
        try:
            with open_output(options["output"]) as stream:
                write_package(snapshot, choices, stream)
        except (UnsealError, TooManyRows) as error:
            raise CommandError(str(error)) from None
        self.stderr.write(f"snapshot {snapshot.pk}, {snapshot.shown} incidents, digest {snapshot.digest}")
