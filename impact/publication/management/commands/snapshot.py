from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from impact.publication.filtering import PARAMETERS, FilterError, IncidentFilter
from impact.publication.snapshots.taking import take_snapshot


class Command(BaseCommand):
    help = "Freeze what is published now; prints the snapshot's id and digest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--filter",
            nargs="+",
            action="extend",
            default=[],
            metavar="NAME=VALUE",
            help=f"narrow what is frozen; names: {', '.join(PARAMETERS)}",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            chosen = IncidentFilter.parse_pairs(options["filter"])
        except FilterError as error:
            raise CommandError(str(error)) from None
        snapshot = take_snapshot(chosen)
        self.stdout.write(f"{snapshot.id} {snapshot.digest}")
        self.stderr.write(f"{snapshot.shown} incidents frozen, {snapshot.withheld} verified and withheld")
