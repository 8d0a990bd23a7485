import csv
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from impact.operations.limiting import LimitedCommand
from impact.places.importing.area_files import spooled_input
from impact.places.importing.report import ImportReport
from impact.places.importing.source import ImportRefused
from impact.places.production.importing import import_production, import_shipped_production
from impact.places.production.merging import POLICIES
from impact.places.production.notations import DECIMALS
from impact.places.production.participants import participant_code
from impact.places.production.periods import NotAPeriod, Period, read_period
from impact.places.production.stated import ReadingOptions
from impact.places.production.tables import ROLES

_SAY_EVERY = 2000


class Command(LimitedCommand):
    help = (
        "Bring production figures in: the Kimberley Process's public statistics as published, or any CSV or "
        "XLSX with country or area, period (2023, 2023-H1, 2023-Q1, two days), kind (artisanal, industrial, "
        "total), quality, carats and value in US$. Columns are guessed by their names unless --map says "
        "otherwise. n/d, c, - and the like are not disclosed, never nought. Run again, what was corrected "
        "replaces the figure before, which is kept as history. Rows are numbered as a spreadsheet shows them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the file, or - for standard input")
        parser.add_argument("--shipped", action="store_true", help="the figures that come with the product")
        parser.add_argument("--source", default="", help="name of the data set; the file's name if not given")
        parser.add_argument("--licence", default="", help="licence of the data set")
        parser.add_argument("--country", default="", metavar="CC", help="country of rows that name none")
        parser.add_argument("--period", default="", help="of rows that name none, such as 2023 or 2023-H1")
        parser.add_argument(
            "--map",
            nargs="+",
            action="extend",
            default=[],
            metavar="FIELD=COLUMN",
            help=f"fields: {', '.join(ROLES)}",
        )
        parser.add_argument(
            "--duplicates",
            choices=POLICIES,
            default="add",
            help="different figures for the same thing in one file: added (as the Kimberley Process's totals "
            "do), the latest row taken, or the file refused; they are always reported",
        )
        parser.add_argument(
            "--decimal",
            choices=DECIMALS,
            default="",
            help="the sign before decimals, where 727,000 can be two numbers",
        )
        quarters = parser.add_mutually_exclusive_group()
        quarters.add_argument("--quarters", action="store_true", help="a column named quarter holds quarters")
        quarters.add_argument("--halves", action="store_true", help="a column named quarter holds half-years")
        parser.add_argument(
            "--sheet", default="", help="one sheet of the workbook; all that fit if not given"
        )
        parser.add_argument("--encoding", default="", help="encoding of text, if it is guessed wrong")
        parser.add_argument(
            "--report", default="", metavar="FILE.csv", help="also write the report as a table"
        )
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
        if options["report"]:
            _write_report(options["report"], report)
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")

    def _report(self, options: dict[str, Any]) -> ImportReport:
        if options["shipped"]:
            return import_shipped_production(is_dry_run=options["dry_run"])
        with ExitStack() as stack:
            from_input = options["file"] == "-"
            path = spooled_input(sys.stdin.buffer, stack) if from_input else Path(options["file"])
            return import_production(
                path,
                ReadingOptions(
                    period=_period(options["period"]),
                    country=_country(options["country"]),
                    quarters="quarters" if options["quarters"] else "halves" if options["halves"] else "",
                    decimal=options["decimal"],
                    columns=dict(_mapping(text) for text in options["map"]),
                ),
                source_name=(options["source"] or path.name)[:200],
                licence=options["licence"],
                sheet=options["sheet"],
                encoding=options["encoding"],
                duplicates=options["duplicates"],
                is_dry_run=options["dry_run"],
                progress=self._say,
            )

    def _say(self, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0:
            self.stderr.write(f"{done} of {total} figures")


def _write_report(target: str, report: ImportReport) -> None:
    rows = [
        (number, what, reason)
        for what in ("skipped", "mended", "doubtful")
        for number, reason in getattr(report, what)
    ]
    try:
        with open(target, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("row", "what", "why"))
            writer.writerows(sorted(rows))
            writer.writerows(("", "note", note) for note in report.notes)
    except OSError as error:
        raise CommandError(f"{target}: {error.strerror}") from None


def _mapping(text: str) -> tuple[str, str]:
    name, separator, column = text.partition("=")
    if not separator:
        raise CommandError(f"--map {text}: write it as field=column")
    return name.strip(), column.strip()


def _country(text: str) -> str:
    code = participant_code(text) if text else ""
    if text and not code:
        raise CommandError(f"--country {text}: no such country; give its code of two letters")
    return code


def _period(text: str) -> Period | None:
    try:
        return read_period(text) if text else None
    except NotAPeriod:
        raise CommandError(f"--period {text}: write it as 2023, 2023-H1 or 2023-Q1") from None
