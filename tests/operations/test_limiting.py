"""A command with limits, in processes of its own: it ends in one line, and leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
_SCRIPT = """
import os, sys, tempfile, time
from impact.operations.limiting import Limits, run_limited
def run():
    open(os.path.join(tempfile.gettempdir(), "left"), "w").write("words")
    {what}
run_limited(run, Limits(memory_mb=600, cpu_s={cpu_s}), name="a.xlsx")
print("on")
"""


def started(tmp_path: Path, what: str, cpu_s: int = 60) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _SCRIPT.format(what=what, cpu_s=cpu_s)],
        cwd=HOUSE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("what", "cpu_s", "status", "said"),
    [
        ("pass", 60, 0, ""),
        ("sys.exit(3)", 60, 3, ""),
        ("bytearray(900_000_000)", 60, 1, "a.xlsx: needs more than 600 MB of memory"),
        ("while True: pass", 1, 1, "a.xlsx: takes more than 0.0167 minutes"),
        ("os.abort()", 60, 1, "a.xlsx: reading it broke off with SIGABRT"),
        ("os.kill(os.getpid(), 9)", 60, 1, "a.xlsx: reading it broke off with SIGKILL"),
    ],
)
def test_it_ends_as_the_child_does_and_says_why(
    tmp_path: Path, what: str, cpu_s: int, status: int, said: str
) -> None:
    process = started(tmp_path, what, cpu_s)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert err.startswith(said)
    assert len(err.splitlines()) == bool(said)
    assert out == ("on\n" if what == "pass" else "")
    assert list(tmp_path.iterdir()) == []


def test_who_ends_it_ends_the_child(tmp_path: Path) -> None:
    process = started(tmp_path, "print(os.getpid(), flush=True); time.sleep(60)")
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
    assert not is_alive(child)


def test_who_kills_it_kills_the_child(tmp_path: Path) -> None:
    process = started(tmp_path, "print(os.getpid(), flush=True); time.sleep(60)")
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.wait(timeout=30)
    ends = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not is_alive(child)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
