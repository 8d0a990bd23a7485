import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from pyproj import CRS
from pyproj.exceptions import CRSError

from impact.places.importing.area_files import spooled_input
from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas, import_shipped_areas
from impact.places.importing.columns import FIELDS
from impact.places.importing.countries import country_code
from impact.places.importing.geometries import POINT_FROM
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.vocabulary import AreaKind

_SAY_EVERY = 2000


class Command(BaseCommand):
    help = (
        "Bring producing areas in from anything GDAL reads (GeoJSON, Shapefile, GeoPackage, KML), CSV with "
        "coordinates or XLSX. Columns are guessed by their names unless --map says otherwise. Run again, it "
        "updates what changed. Rows are numbered as a spreadsheet shows them; features of a map file from 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the file, or - for standard input")
        parser.add_argument("--shipped", action="store_true", help="the areas that come with the product")
        parser.add_argument("--source", default="", help="name of the data set; the file's name if not given")
        parser.add_argument("--licence", default="", help="licence of the data set")
        parser.add_argument("--country", default="", metavar="CC", help="country of rows that name none")
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"fields: {', '.join(FIELDS)}; FIELD= alone leaves a field out; "
            "minerals and aliases take several columns with commas between",
        )
        parser.add_argument(
            "--kind", choices=AreaKind.values, default="unknown", help="of rows that say none"
        )
        parser.add_argument("--layer", default="", help="layer of the file, or sheet of the workbook")
        parser.add_argument("--crs", default="", metavar="EPSG:n", help="coordinate system, if the file errs")
        parser.add_argument(
            "--point-from", choices=POINT_FROM, default="", help="what of a line is the place"
        )
        parser.add_argument("--encoding", default="", help="encoding of text, if it is guessed wrong")
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
        elif report.has_changes:
            self.stdout.write("Link the incidents to these areas: manage.py link_incidents --all")

    def _report(self, options: dict[str, Any]) -> ImportReport:
        if options["shipped"]:
            return import_shipped_areas(is_dry_run=options["dry_run"])
        with ExitStack() as stack:
            from_input = options["file"] == "-"
            path = spooled_input(sys.stdin.buffer, stack) if from_input else Path(options["file"])
            return import_areas(
                path,
                AreaOptions(
                    source_name=(options["source"] or path.name)[:200],
                    licence=options["licence"],
                    country=_country(options["country"]),
                    columns=dict(_mapping(text) for text in options["map"]),
                    crs=_crs(options["crs"]),
                    point_from=options["point_from"],
                    kind=AreaKind(options["kind"]),
                ),
                layer=options["layer"],
                encoding=options["encoding"],
                is_dry_run=options["dry_run"],
                progress=self._say,
            )

    def _say(self, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0:
            self.stderr.write(f"{done} of {total} rows")


def _mapping(text: str) -> tuple[str, tuple[str, ...]]:
    name, separator, columns = text.partition("=")
    if not separator:
        raise CommandError(f"--map {text}: write it as field=column")
    return name.strip(), tuple(column.strip() for column in columns.split(",") if column.strip())


def _country(text: str) -> str:
    code = country_code(text)
    if text and not code:
        raise CommandError(f"--country {text}: no such country; give its code of two letters")
    return code


def _crs(text: str) -> CRS | None:
    try:
        return CRS.from_user_input(text) if text else None
    except CRSError:
        raise CommandError(f"--crs {text}: no such coordinate system; write it as EPSG:32634") from None
