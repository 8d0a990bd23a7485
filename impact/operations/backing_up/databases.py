"""The database to a file and back: SQLite's online backup, PostgreSQL's pg_dump and pg_restore."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from impact.operations.backing_up.contents import LEFT_OUT, BackupError, product_tables

DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
_PAGES = 2000


def dump_database(folder: Path, say: Callable[[str], None]) -> Path:
    """A consistent copy of the database while others go on writing, without those who are signed in."""
    file = folder / DUMPS[connection.vendor]
    if connection.vendor == "sqlite":
        _copy_sqlite(file, say)
    else:
        options = ("--format=custom", "--no-owner", "--no-privileges", "--schema=public")
        left_out = [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
        _run("pg_dump", *options, *left_out, "-f", str(file))
    return file


def load_database(file: Path, say: Callable[[str], None], *, is_forced: bool) -> None:
    """Put a copy in the place of this database, and say where the old one lies.

    Raises BackupError where there are rows already and it is not forced: then what is there is kept aside
    (SQLite) or dropped (PostgreSQL).
    """
    if product_tables() and not is_forced:
        raise BackupError("this database is not empty; --force puts the backup in its place")
    if connection.vendor == "sqlite":
        _replace_sqlite(file, say)
    else:
        _load_postgresql(file)


def _copy_sqlite(file: Path, say: Callable[[str], None]) -> None:
    connection.ensure_connection()
    source: Any = connection.connection
    # Of the same library as the product's own: Python's may be built without what the file needs.
    target: Any = connection.Database.connect(str(file))  # type: ignore[attr-defined]
    try:
        source.backup(
            target,
            pages=_PAGES,
            progress=lambda _status, left, total: say(f"database: {total - left} of {total} pages"),
        )
        target.execute("PRAGMA secure_delete = ON")
        for table in sorted({*product_tables()} & {*LEFT_OUT}):
            target.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        target.commit()
    finally:
        target.close()


def _replace_sqlite(file: Path, say: Callable[[str], None]) -> None:
    target = Path(settings.DATABASES["default"]["NAME"])
    connection.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        aside = target.with_name(f"{target.name}.before-restore-{timezone.now():%Y%m%dT%H%M%S}")
        target.rename(aside)
        say(f"what was here lies in {aside}: no retention reaches it, erase it when all is well")
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, part)
    with part.open("rb+") as stream:
        os.fsync(stream.fileno())
    part.rename(target)


def _load_postgresql(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DROP_ALL)
    connection.close()
    listed = _run("pg_restore", "--list", str(file), connects=False)
    wanted = [line for line in listed.splitlines() if " SCHEMA - public" not in line]
    order = file.with_suffix(".list")
    try:
        order.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--use-list={order}",
            f"--dbname={connection.settings_dict['NAME']}",
            str(file),
        )
    finally:
        order.unlink(missing_ok=True)


# Everything of the product in the schema, and nothing of PostGIS.
_DROP_ALL = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', found.name); END LOOP;
    FOR found IN
        SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'public' AND NOT EXISTS
        (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', found.name); END LOOP;
END $$
"""


def _run(program: str, *arguments: str, connects: bool = True) -> str:
    """A program of PostgreSQL's; the password goes by the environment and into no list of processes."""
    where = connection.settings_dict
    environment = {**os.environ}
    for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if where.get(key):
            environment[name] = str(where[key])
    if connects and program == "pg_dump":
        arguments = (*arguments, str(where["NAME"]))
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is missing: it comes with PostgreSQL's client programs")
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BackupError(f"{program}: {last}")
    return done.stdout
