"""Real gateways and a real server, as processes of their own on the loopback address."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def needed(*programs: str, package: str) -> None:
    """Skip where a program is missing, and say how to get it; under CI it has to be there."""
    missing = [program for program in programs if shutil.which(program, path=_path()) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} is missing: apt-get install {package}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: apt-get install {package}")


def program(name: str) -> str:
    return str(shutil.which(name, path=_path()))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    """Whether it came true within so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return what()


def is_open(port: int) -> bool:
    with socket.socket() as client:
        client.settimeout(0.5)
        return client.connect_ex(("127.0.0.1", port)) == 0


class Process:
    """A process, and how it ends: by its own id and never by a name."""

    def __init__(self, *command: str, log: Path, environment: dict[str, str] | None = None) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """Kill -9 it and its children, and wait until they are gone."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None


class Server:
    """Headlamp in gunicorn, on a port that stays its own over every kill."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self._environment, self._log = environment, log
        self._process: Process | None = None

    def start(self) -> None:
        bind = ("--bind", f"127.0.0.1:{self.port}", "--no-control-socket")
        shape = ("--workers", "1", "--worker-class", "gthread", "--threads", "4")
        self._process = Process(
            sys.executable, "-m", "gunicorn", *bind, *shape, "impact.wsgi",
            log=self._log, environment=self._environment,
        )  # fmt: skip

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process = None


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
