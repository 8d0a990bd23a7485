"""Making a backup: a folder that appears when it is whole, beside those before it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from impact.operations.backing_up.contents import (
    ANY_DATABASE,
    FILES,
    SPOOL,
    BackupError,
    Manifest,
    files_below,
    kept_folders,
    key_fingerprints,
    sha256_of,
    table_rows,
)
from impact.operations.backing_up.databases import dump_database
from impact.operations.backing_up.rows import dump_rows


def make_backup(directory: Path, say: Callable[[str], None], *, for_any_database: bool = False) -> Path:
    """Back everything up into a new folder of `directory`, and give it. Others may go on working meanwhile.

    `for_any_database` writes rows that the other kind of database takes in too, in place of a copy.

    The spool is copied before the database and the other files after it: a message that is drained in
    between is in both and counts once, and no row lacks its file. Raises BackupError.
    """
    made_at = timezone.now()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory, prefix=".backup-") as unfinished:
            room = Path(unfinished) / "whole"
            room.mkdir(mode=0o700)
            _copy(Path(settings.SPOOL_DIR), room / SPOOL, say)
            rows = table_rows()
            if for_any_database:
                dump_rows(room, say)
            else:
                dump_database(room, say)
            for folder in kept_folders():
                _copy(folder, room / FILES / folder.name, say)
            manifest = Manifest(
                made_at=made_at.isoformat(timespec="seconds"),
                engine=ANY_DATABASE if for_any_database else connection.vendor,
                files={str(file.relative_to(room)): sha256_of(file) for file in files_below(room)},
                rows=rows,
                keys=key_fingerprints(),
            )
            manifest.write(room)
            target = directory / f"headlamp-{made_at:%Y%m%dT%H%M%S.%fZ}"
            _sync(room)
            room.rename(target)
    except OSError as error:
        raise BackupError(f"{directory}: {error.strerror}") from None
    return target


def _copy(source: Path, target: Path, say: Callable[[str], None]) -> None:
    files = list(files_below(source))
    for number, file in enumerate(files, start=1):
        goal = target / file.relative_to(source)
        goal.parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copy2(file, goal)
        except FileNotFoundError:
            continue  # drained or purged meanwhile
        if number % 1000 == 0 or number == len(files):
            say(f"{source.name}: {number} of {len(files)} files")


def _sync(room: Path) -> None:
    for file in files_below(room):
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
