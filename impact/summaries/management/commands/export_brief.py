from argparse import ArgumentParser
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import snapshot_records
from impact.summaries.brief import make_brief
from impact.summaries.brief.options import MOST_CASES, SENTENCES, BriefOptions
from impact.summaries.choosing import add_snapshot_arguments, chosen_country, chosen_snapshot, write_file


class Command(BaseCommand):
    help = (
        "Set the plenary brief of a snapshot: a PDF, its figures with their queries, the numbers of a speech."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-o", "--output", required=True, metavar="FILE.pdf", help="- is standard output")
        parser.add_argument("--country", metavar="CC", default="", help="ISO code")
        parser.add_argument("--from", dest="from_on", metavar="DAY", help="YYYY-MM-DD")
        parser.add_argument("--to", dest="to_on", metavar="DAY", help="YYYY-MM-DD")
        parser.add_argument("--title", default="")
        parser.add_argument(
            "--cases", nargs="+", default=[], metavar="ID", help="published incidents to tell one by one"
        )
        parser.add_argument(
            "--sentences", metavar="FILE", help="own words: lines such as `3: In most of them soldiers …`"
        )
        parser.add_argument("--one-page", action="store_true", help="key figures, sentences and map alone")
        parser.add_argument(
            "--figures", metavar="FILE.json", help="by default beside the PDF; every figure with its query"
        )
        parser.add_argument("--speech", metavar="FILE.txt", help="by default beside the PDF")
        parser.add_argument("--lang", choices=[code for code, _name in settings.LANGUAGES], default="en")
        add_snapshot_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = BriefOptions(
            language=options["lang"],
            country=chosen_country(options["country"]),
            from_on=_day("--from", options["from_on"]),
            to_on=_day("--to", options["to_on"]),
            title=options["title"].strip(),
            cases=tuple(case.lower() for case in options["cases"]),
            sentences=_sentences(options["sentences"]),
            is_one_page=options["one_page"],
        )
        if chosen.from_on and chosen.to_on and chosen.from_on > chosen.to_on:
            raise CommandError("--from is after --to")
        narrowed = [
            f"{name}={value}"
            for name, value in (
                ("country", chosen.country),
                ("from", chosen.from_on),
                ("to", chosen.to_on),
            )
            if value and not options["snapshot"]
        ]
        snapshot = chosen_snapshot(options, *narrowed)
        if not chosen.country:
            # Named by --filter, or by the snapshot: a brief of one country says which.
            chosen = replace(chosen, country=_only_country(snapshot))
        _refuse_unknown_cases(snapshot, chosen)
        brief = make_brief(snapshot, chosen)
        write_file(options["output"], brief.pdf)
        beside = Path(options["output"]) if options["output"] != "-" else None
        for given, ending, content in (
            (options["figures"], ".figures.json", brief.figures),
            (options["speech"], ".speech.txt", brief.speech.encode()),
        ):
            if given or beside:
                write_file(given or str(beside.with_suffix(ending)), content)  # type: ignore[union-attr]
        self.stderr.write(f"snapshot {snapshot.pk}, {snapshot.shown} incidents, digest {snapshot.digest}")


def _refuse_unknown_cases(snapshot: Snapshot, chosen: BriefOptions) -> None:
    if not chosen.cases:
        return
    if len(chosen.cases) > MOST_CASES:
        raise CommandError(f"--cases: at most {MOST_CASES}")
    known = {record["id"] for record in chosen.narrowed(snapshot_records(snapshot))}
    for case in chosen.cases:
        if case not in known:
            raise CommandError(f"--cases {case}: not published, not chosen by the filter, or taken back")


def _only_country(snapshot: Snapshot) -> str:
    named = str(snapshot.filter.get("country", ""))
    return "" if "," in named else named


def _day(name: str, text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{name} {text}: write a day as YYYY-MM-DD") from None


def _sentences(file: str | None) -> tuple[tuple[int, str], ...]:
    if not file:
        return ()
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--sentences {file}: {error}") from None
    found = []
    for line in filter(None, map(str.strip, lines)):
        number, colon, sentence = line.partition(":")
        if not colon or not number.isdigit() or not 1 <= int(number) <= SENTENCES or not sentence.strip():
            raise CommandError(f"--sentences {file}: write each as 1: … to {SENTENCES}: …, not {line[:40]!r}")
        found.append((int(number), sentence.strip()))
    return tuple(found)
