"""What the export commands share: which snapshot, and where the file goes."""

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError

from impact.places.basemap import country_codes
from impact.publication.filtering import PARAMETERS, FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots.taking import take_snapshot


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


def chosen_country(code: str) -> str:
    """The code that `--country` names, in capitals; "" for none. Raises CommandError."""
    if code and code.upper() not in country_codes():
        raise CommandError(f"--country {code}: no such country (ISO 3166-1, two letters)")
    return code.upper()


def chosen_snapshot(options: dict[str, Any], *pairs: str) -> Snapshot:
    """The snapshot that the options name, or a new one, narrowed by `pairs` too. Raises CommandError."""
    if options["snapshot"]:
        if options["filter"]:
            raise CommandError("--filter narrows a new snapshot; --snapshot names one that is made")
        try:
            return Snapshot.objects.defer("rows").get(pk=options["snapshot"])
        except Snapshot.DoesNotExist:
            raise CommandError(f"there is no snapshot {options['snapshot']}") from None
    try:
        return take_snapshot(IncidentFilter.parse_pairs([*pairs, *options["filter"]]))
    except FilterError as error:
        raise CommandError(str(error)) from None


@contextmanager
def new_file(target: str) -> Iterator[Path]:
    """A path for a file that gets the target's name when it is whole. Raises CommandError in one line."""
    path = Path(target)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            part = Path(folder) / path.name
            yield part
            part.replace(path)
    except OSError as error:
        raise CommandError(f"{target}: {error.strerror}") from None


@contextmanager
def open_output(target: str) -> Iterator[BinaryIO]:
    """A stream to a file that appears when it is whole, or to standard output for "-".

    Raises CommandError in one line.
    """
    if target == "-":
        yield sys.stdout.buffer
        return
    with new_file(target) as part, part.open("wb") as stream:
        yield stream


def write_file(target: str, body: bytes) -> None:
    """Write to a file, or to standard output for "-". Raises CommandError in one line."""
    with open_output(target) as stream:
        stream.write(body)
