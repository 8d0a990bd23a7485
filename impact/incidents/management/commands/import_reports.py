import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from impact.incidents.importing.columns import ALIASES
from impact.incidents.importing.reports import FORMATS, import_reports
from impact.operations.limiting import LimitedCommand
from impact.places.importing.area_files import spooled_input
from impact.places.importing.source import ImportRefused
from impact.vocabulary import Harm

_SAY_EVERY = 100


class Command(LimitedCommand):
    help = (
        "Bring reports in from another system: CSV, or an export of Ushahidi (version 2, or the platform). "
        "Idempotent by the source's own id. Precision codes of UCDP and ACLED become uncertainty; links to "
        "media are kept in the words. Nothing that is imported is verified or public by that."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--source", default="", help="name of the data set; the file's name by default")
        parser.add_argument(
            "--map", nargs="+", action="extend", default=[], metavar="FIELD=COLUMN", dest="columns",
            help=f"where a field is read from; fields: {', '.join(ALIASES)}",
        )  # fmt: skip
        parser.add_argument(
            "--category", nargs="+", action="extend", default=[], metavar="WORD=HARM", dest="categories",
            help=f"what a category means; harms: {', '.join(Harm.values)}",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="report the same and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = _pairs("--map", options["columns"])
        if unknown := sorted(set(columns) - set(ALIASES)):
            raise CommandError(f"--map {unknown[0]}: not one of {', '.join(ALIASES)}")
        harms = {}
        for word, harm in _pairs("--category", options["categories"]).items():
            if harm not in Harm.values:
                raise CommandError(f"--category {word}={harm}: not one of {', '.join(Harm.values)}")
            harms[" ".join(word.casefold().replace("_", " ").split())] = Harm(harm)
        with ExitStack() as stack:
            from_input = options["file"] == "-"
            path = spooled_input(sys.stdin.buffer, stack) if from_input else Path(options["file"])
            source = options["source"] or ("standard input" if from_input else path.stem)
            try:
                report = import_reports(
                    path,
                    source=source,
                    columns=columns,
                    harms=harms,
                    is_fictional=settings.DEMO,
                    is_dry_run=options["dry_run"],
                    progress=self._say,
                )
            except (ImportRefused, OSError) as refused:
                strerror = getattr(refused, "strerror", None)
                reason = f"{options['file']}: {strerror}" if strerror else str(refused)
                raise CommandError(reason) from None
        for line in report.lines():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("dry run: nothing was written")

    def _say(self, done: int, total: int) -> None:
        if done % _SAY_EVERY == 0 or done == total:
            self.stderr.write(f"{done} of {total} rows")


def _pairs(option: str, words: list[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, separator, value = word.partition("=")
        if not separator or not value:
            raise CommandError(f"{option} {word}: write it as NAME=VALUE")
        pairs[name] = value
    return pairs
