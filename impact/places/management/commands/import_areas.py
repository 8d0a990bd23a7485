import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_slug
from pyproj import CRS
from pyproj.exceptions import CRSError

from impact.operations.limiting import LimitedCommand
from impact.places.importing.area_files import spooled_input
from impact.places.importing.area_rows import AreaOptions
from impact.places.importing.areas import import_areas, import_shipped_areas
from impact.places.importing.columns import FIELDS
from impact.places.importing.countries import country_code
from impact.places.importing.geometries import LINE_ENDS
from impact.places.importing.recipes import save_recipe, with_recipe
from impact.places.importing.report import ImportReport, csv_listener
from impact.places.importing.source import ImportRefused
from impact.vocabulary import AreaKind

_SAY_EVERY = 2000


class Command(LimitedCommand):
    help = (
        "Bring producing areas in from anything GDAL reads (GeoJSON, Shapefile, GeoPackage, KML, zipped), "
        "CSV with coordinates or XLSX. Columns are guessed by their names unless --map says otherwise. Run "
        "again, it updates what changed; what moderators corrected or named stays, and what the source no "
        "longer has is listed, never deleted. Rows are numbered as a spreadsheet shows them; features of a "
        "map file from 1."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the file, or - for standard input")
        parser.add_argument("--shipped", action="store_true", help="the areas that come with the product")
        parser.add_argument("--source", default="", help="name of the data set; the file's name if not given")
        parser.add_argument("--licence", default="", help="licence of the data set")
        parser.add_argument(
            "--source-date", default="", metavar="YYYY-MM-DD", help="date of the data, for rows that say none"
        )
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
            "--kind", choices=AreaKind.values, default="", help="of rows that say none; unknown if not given"
        )
        parser.add_argument("--layer", default="", help="layer of the file, or sheet of the workbook")
        parser.add_argument(
            "--crs", default="", metavar="EPSG:n", help="coordinate system, if the file does not say or errs"
        )
        parser.add_argument(
            "--line-end",
            "--point-from",
            choices=LINE_ENDS,
            default="",
            help="which end of a line is the producing area, or all of it; start if not given",
        )
        parser.add_argument("--encoding", default="", help="encoding of text, if it is guessed wrong")
        parser.add_argument("--recipe", default="", metavar="NAME", help="read it as --save-recipe kept it")
        parser.add_argument(
            "--save-recipe", default="", metavar="NAME", help="keep these options for next time"
        )
        parser.add_argument(
            "--retire", action="store_true", help="retire the areas that the source had and has no longer"
        )
        parser.add_argument("--report", default="", metavar="FILE.csv", help="write each row, what, why")
        parser.add_argument("--dry-run", action="store_true", help="report the same and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == options["shipped"]:
            raise CommandError("give a file, or --shipped")
        try:
            if options["recipe"]:
                options = with_recipe(options["recipe"], options)
            report = self._report(options)
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        for line in report.lines():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")
            return
        if options["save_recipe"]:
            save_recipe(_slug(options["save_recipe"]), options)
            self.stdout.write(f"recipe {options['save_recipe']} kept")
        if report.has_changes:
            self.stdout.write("The worker links the incidents around them; link_incidents does it now")

    def _report(self, options: dict[str, Any]) -> ImportReport:
        _slug(options["save_recipe"] or "none")
        if options["shipped"]:
            return import_shipped_areas(is_dry_run=options["dry_run"])
        with ExitStack() as stack:
            from_input = options["file"] == "-"
            path = spooled_input(sys.stdin.buffer, stack) if from_input else Path(options["file"])
            listen = None
            if options["report"]:
                try:
                    file = stack.enter_context(open(options["report"], "w", encoding="utf-8", newline=""))
                except OSError as error:
                    raise CommandError(f"--report {options['report']}: {error.strerror}") from None
                listen = csv_listener(file)
            return import_areas(
                path,
                AreaOptions(
                    source_name=(options["source"] or path.name)[:200],
                    licence=options["licence"],
                    country=_country(options["country"]),
                    columns=dict(_mapping(text) for text in options["map"]),
                    crs=_crs(options["crs"]),
                    line_end=options["line_end"],
                    kind=AreaKind(options["kind"] or AreaKind.UNKNOWN),
                    source_date=_day(options["source_date"]),
                ),
                layer=options["layer"],
                encoding=options["encoding"],
                retires=options["retire"],
                is_dry_run=options["dry_run"],
                progress=self._say,
                listen=listen,
            )

    def _say(self, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0:
            self.stderr.write(f"{done} of {total} rows" if total > done else f"{done} rows")


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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"--source-date {text}: write it as 2024-06-30") from None


def _slug(text: str) -> str:
    try:
        validate_slug(text)
    except ValidationError:
        raise CommandError(f"{text}: the name of a recipe has letters, digits, - and _ only") from None
    return text
