"""What a backup holds and how it is described: the manifest, and the files beside the database."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from impact.sealing import keys

MANIFEST = "manifest.json"
ANY_DATABASE = "any"
FILES, SPOOL = "files", "spool"
# Who is signed in: for some hours, whoever has such a row is on the desk. Nobody misses them after a restore.
LEFT_OUT = ("django_session", "usersessions_usersession")
_PART = 1 << 20


class BackupError(Exception):
    """A backup that could not be made, or cannot be restored; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`engine` is sqlite, postgresql or any; `files` are SHA-256 by path within the backup; `rows` the number
    of rows of each table."""

    made_at: str
    engine: str
    files: dict[str, str]
    rows: dict[str, int]
    keys: list[str]

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1, sort_keys=True), encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupError where there is none."""
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**said)
    except FileNotFoundError:
        raise BackupError(f"{folder}: no backup here (no {MANIFEST})") from None
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder / MANIFEST}: {error}") from None


def key_fingerprints() -> list[str]:
    """Name and identity of each key: enough to know which a backup needs, and nothing to open it with."""
    return [f"{key.name} {key.identity()}" for key in keys()]


def table_rows() -> dict[str, int]:
    """How many rows each table of the product has, of those that are backed up."""
    with connection.cursor() as cursor:
        counts = {}
        for table in sorted({*product_tables()} - {*LEFT_OUT}):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
    return counts


def product_tables() -> list[str]:
    """Django's tables that there are, in order of name."""
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def files_below(folder: Path) -> Iterator[Path]:
    """The whole files below a folder; what is still being written has a name with a dot before it."""
    if folder.is_dir():
        yield from sorted(
            path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
        )


def kept_folders() -> list[Path]:
    """The folders of VAR_DIR that belong to the database, wherever rooms put files."""
    var, spool = Path(settings.VAR_DIR), Path(settings.SPOOL_DIR)
    left_out = {Path(settings.STATIC_ROOT), spool}
    if not var.is_dir():
        return []
    return sorted(path for path in var.iterdir() if path.is_dir() and path not in left_out)


def sha256_of(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while part := stream.read(_PART):
            digest.update(part)
    return digest.hexdigest()
