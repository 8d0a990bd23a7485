import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.places.boxes import Box
from impact.publication.filtering import FilterError, IncidentFilter
from impact.summaries.choosing import add_snapshot_arguments, chosen_country, chosen_snapshot, write_file
from impact.summaries.maps import MAP_FORMATS, MAP_SIZES, MAP_STYLES, MapOptions, frame_box, render_map


class Command(BaseCommand):
    help = "Draw the print map of a snapshot."

    def add_arguments(self, parser: ArgumentParser) -> None:
        # By itself argparse takes "-14,6,-7,10", a box west of Greenwich, for an option that there is not.
        parser._negative_number_matcher = re.compile(r"-[\d.]")
        parser.add_argument("-o", "--output", required=True, metavar="FILE", help="- is standard output")
        parser.add_argument("--size", choices=list(MAP_SIZES), default="a4")
        parser.add_argument(
            "--format", choices=list(MAP_FORMATS), help="by default what FILE ends with, or pdf"
        )
        extent = parser.add_mutually_exclusive_group()
        extent.add_argument("--country", metavar="CC", help="ISO code; a new snapshot is narrowed to it too")
        extent.add_argument("--bbox", metavar="W,S,E,N", help="WGS 84 degrees")
        parser.add_argument("--style", choices=MAP_STYLES, default=MAP_STYLES[0])
        parser.add_argument("--title", default="", help="instead of the one that counts")
        parser.add_argument("--lang", choices=[code for code, _name in settings.LANGUAGES], default="en")
        add_snapshot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = MapOptions(
            size=options["size"],
            format=_format(options),
            language=options["lang"],
            country=chosen_country(options["country"] or ""),
            bbox=_frame(options["bbox"] or ""),
            style=options["style"],
            title=options["title"].strip(),
        )
        narrowed = [f"country={chosen.country}"] if chosen.country and not options["snapshot"] else []
        snapshot = chosen_snapshot(options, *narrowed)
        write_file(options["output"], render_map(snapshot, chosen))
        self.stderr.write(f"snapshot {snapshot.pk}, {snapshot.shown} incidents, digest {snapshot.digest}")


def _format(options: dict[str, Any]) -> str:
    if options["format"]:
        return str(options["format"])
    ending = Path(options["output"]).suffix.lstrip(".").lower()
    if ending and ending not in MAP_FORMATS:
        raise CommandError(f"{options['output']}: a map is one of {', '.join(MAP_FORMATS)}; or say --format")
    return ending or "pdf"


def _frame(text: str) -> Box | None:
    try:
        box = IncidentFilter.parse({"bbox": text}).bbox
    except FilterError as refused:
        raise CommandError(f"--bbox {text}: {refused.message}") from None
    if box and not frame_box(box):
        raise CommandError(
            f"--bbox {text}: west below east, south below north, and less than the whole world"
        )
    return box
