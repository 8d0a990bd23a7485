"""Restoring a backup: nothing is touched before every file of it has been found whole."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from impact.operations.backing_up.contents import (
    ANY_DATABASE,
    FILES,
    LEFT_OUT,
    MANIFEST,
    SPOOL,
    BackupError,
    Manifest,
    files_below,
    key_fingerprints,
    product_tables,
    read_manifest,
    sha256_of,
    table_rows,
)
from impact.operations.backing_up.databases import DUMPS, load_database
from impact.operations.backing_up.rows import ROWS, load_rows


def restore_backup(directory: Path, say: Callable[[str], None], *, is_forced: bool = False) -> Manifest:
    """Put a backup in the place of what is there. `directory` is one, or holds several: then the latest.

    Stop all processes first. Raises BackupError for a damaged backup, keys that are missing, another kind
    of database, a database that is not empty (unless forced), and rows that come out otherwise.
    """
    folder = _chosen(directory)
    manifest = read_manifest(folder)
    _check(folder, manifest, say)
    try:
        if manifest.engine == ANY_DATABASE:
            load_rows(folder / ROWS, say)
        else:
            load_database(folder / DUMPS[manifest.engine], say, is_forced=is_forced)
        _put_back(folder / FILES, Path(settings.VAR_DIR), say)
        _put_back(folder / SPOOL, Path(settings.SPOOL_DIR), say)
    except OSError as error:
        raise BackupError(f"{error.filename}: {error.strerror}") from None
    _sign_everybody_out()
    _compare(manifest)
    return manifest


def _chosen(directory: Path) -> Path:
    if (directory / MANIFEST).exists():
        return directory
    within = sorted(path for path in directory.glob("headlamp-*") if (path / MANIFEST).exists())
    if not within:
        raise BackupError(f"{directory}: no backup here (no {MANIFEST})")
    return within[-1]


def _check(folder: Path, manifest: Manifest, say: Callable[[str], None]) -> None:
    if manifest.engine not in {connection.vendor, ANY_DATABASE}:
        raise BackupError(
            f"a backup of {manifest.engine}, and this is {connection.vendor}: set DATABASE_URL, "
            "or make the backup with --for-any-database"
        )
    missing = set(manifest.keys) - set(key_fingerprints())
    if missing:
        names = ", ".join(sorted(key.split()[0] for key in missing))
        raise BackupError(f"HEADLAMP_KEYS lacks keys of the backup: {names}; without them nothing opens")
    for number, (name, digest) in enumerate(sorted(manifest.files.items()), start=1):
        file = folder / name
        if not file.is_file() or sha256_of(file) != digest:
            raise BackupError(f"{file} is missing or not what was backed up")
        if number % 1000 == 0 or number == len(manifest.files):
            say(f"checked: {number} of {len(manifest.files)} files")


def _put_back(source: Path, target: Path, say: Callable[[str], None]) -> None:
    files = list(files_below(source))
    for file in files:
        goal = target / file.relative_to(source)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, goal)
    if files:
        say(f"{source.name}: {len(files)} files")


def _sign_everybody_out() -> None:
    """A backup of an older version holds who was signed in: the session ended when it was restored."""
    here = set(product_tables())
    with connection.cursor() as cursor:
        for table in reversed(LEFT_OUT):  # what points to a session first
            if table in here:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608


def _compare(manifest: Manifest) -> None:
    """Rows may be more than were counted before the copy was made, and never fewer."""
    now = table_rows()
    for table, rows in manifest.rows.items():
        # A backup of an older version counted who was signed in as well.
        if table not in LEFT_OUT and now.get(table, -1) < rows:
            raise BackupError(f"{table} has {now.get(table, 0)} rows and had {rows}")
