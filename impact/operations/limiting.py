"""Commands that read what strangers made do it in a process with limits: a file can be a bomb.

A workbook of a few kilobytes can unpack to gigabytes, and no parser says beforehand how much memory it will
take. So the command runs in a child process that is refused memory and processor time beyond a limit. The
parent waits, says in one line how it ended, and erases the files that a child that was killed left behind.
"""

import ctypes
import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

_PR_SET_PDEATHSIG = 1  # of prctl(2)
_GRACE_S = 5  # between the signal that asks to end and the one that ends


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory_mb`: what the process may hold, program and all. `cpu_s`: processor time."""

    memory_mb: int
    cpu_s: int

    @property
    def too_large(self) -> str:
        return f"needs more than {self.memory_mb} MB of memory to be read (HEADLAMP_IMPORT_MEMORY_MB)"

    def ended_by(self, number: int) -> str:
        """Why a child that a signal ended did not finish."""
        if number == signal.SIGXCPU:
            return f"takes more than {self.cpu_s / 60:.3g} minutes to be read (HEADLAMP_IMPORT_MINUTES)"
        return (
            f"reading it broke off with {signal.Signals(number).name}, most likely for want of memory: "
            f"at most {self.memory_mb} MB are for it (HEADLAMP_IMPORT_MEMORY_MB)"
        )


class LimitedCommand(BaseCommand):
    """A command that reads a file of others. Called from Python, as tests do, it has no limits."""

    def run_from_argv(self, argv: list[str]) -> None:
        run = super().run_from_argv
        limits = Limits(settings.IMPORT_MEMORY_MB, settings.IMPORT_MINUTES * 60)
        file = next((word for word in argv[2:] if not word.startswith("-")), "standard input")
        run_limited(lambda: run(argv), limits, name=os.path.basename(file))


def run_limited(run: Callable[[], Any], limits: Limits, *, name: str) -> None:
    """Run in a child with limits. It returns in the child alone, which goes on to the end of the program;
    the parent ends as the child did. `name`: what is read, for the line that says why it ended.
    """
    folder = tempfile.mkdtemp(prefix="headlamp-import-")
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    child = os.fork()
    if not child:
        _be_limited(limits, folder, parent)
        try:
            run()
        except MemoryError:
            raise SystemExit(f"{name}: {limits.too_large}") from None
        return
    try:
        status = _waited_for(child)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if os.WIFEXITED(status):
        raise SystemExit(os.WEXITSTATUS(status))
    number = os.WTERMSIG(status)
    if number in {signal.SIGINT, signal.SIGTERM}:  # somebody meant it
        raise SystemExit(128 + number)
    raise SystemExit(f"{name}: {limits.ended_by(number)}")


def _be_limited(limits: Limits, folder: str, parent: int) -> None:
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    memory = limits.memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + _GRACE_S))
    # What a process holds of its own, and not its address space: libraries reserve more than they touch.
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be watched
            os._exit(1)


def _waited_for(child: int) -> int:
    """The status of the child; what asks this process to end asks the child."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        os.kill(child, number)

    before = {number: signal.signal(number, pass_on) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return os.waitpid(child, 0)[1]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
