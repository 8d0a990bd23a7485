"""What the commands say when the database does not answer: one line, and no password."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def manage(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_database_that_was_never_set_up_is_told_in_a_line(tmp_path: Path) -> None:
    done = manage("verify_log", DATABASE_URL=f"spatialite:///{tmp_path}/new.sqlite3")
    assert done.returncode == 1
    assert done.stderr == (
        "manage.py: the database says: no such table: ledger_entry; `manage.py migrate` sets it up\n"
    )


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    done = manage("verify_log", DATABASE_URL="postgis://somebody:secret-word@127.0.0.1:9/nowhere")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("manage.py: the database says: connection failed")
    assert "secret-word" not in line


def test_a_reader_that_leaves_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "manage.py", "help"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()
        said = command.stderr.read()
    assert said == b""
    assert command.returncode == 1
