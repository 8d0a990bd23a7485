"""What the export commands share: which snapshot, and where the file goes."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from impact.publication.filtering import PARAMETERS, FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots import take_snapshot


def add_snapshot_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--snapshot", metavar="ID", help="made from this one; without it a new one is taken")
    parser.add_argument(
        "--filter",
        nargs="+",
        action="extend",
        default=[],
        metavar="NAME=VALUE",
        help=f"narrow the new snapshot; names: {', '.join(PARAMETERS)}",
    )


def chosen_snapshot(options: dict[str, Any], *pairs: str) -> Snapshot:
    """The snapshot that the options name, or a new one, narrowed by `pairs` too. Raises CommandError."""
    if options["snapshot"]:
        if options["filter"]:
            raise CommandError("--filter narrows a new snapshot; --snapshot names one that is made")
        try:
            return Snapshot.objects.get(pk=options["snapshot"])
        except Snapshot.DoesNotExist:
            raise CommandError(f"there is no snapshot {options['snapshot']}") from None
    try:
        return take_snapshot(IncidentFilter.parse_pairs([*pairs, *options["filter"]]))
    except FilterError as error:
        raise CommandError(str(error)) from None


def write_file(target: str, body: bytes) -> None:
    """Write to a file, or to standard output for "-". Raises CommandError in one line."""
    if target == "-":
        sys.stdout.buffer.write(body)
        return
    try:
        with open(target, "wb") as file:
            file.write(body)
    except OSError as error:
        raise CommandError(f"{target}: {error.strerror}") from None
