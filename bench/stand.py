"""An installation on the loopback address for benches: database, web processes and worker, to be killed."""

import base64
import contextlib
import glob
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """Every process under this one."""
    found = []
    for stat in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = Path(stat).read_text().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                child = int(stat.split("/")[2])
                found += [child, *children_of(child)]
    return found


def kill_tree(pid: int) -> None:
    """SIGKILL for a process and all under it, the parent first so that it can mend nothing."""
    for each in (pid, *children_of(pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


class Postgres:
    """A cluster of its own, with the settings that PostgreSQL ships with: it syncs each commit."""

    def __init__(self, directory: Path, *options: str) -> None:
        self.directory, self.port, self.options = directory, free_port(), options
        self.bin = Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.process: subprocess.Popen[bytes] | None = None
        directory.mkdir(parents=True)
        if os.getuid() == 0:
            directory.chmod(0o755)
            os.chown(directory, pwd.getpwnam("postgres").pw_uid, -1)
        self._run("initdb", "-D", f"{directory}/data", "-A", "trust", "-U", "postgres", "-E", "UTF8")
        self.start()
        self.psql("postgres", "CREATE DATABASE headlamp")
        self.psql("headlamp", "CREATE EXTENSION postgis")

    @property
    def url(self) -> str:
        return f"postgis://postgres@127.0.0.1:{self.port}/headlamp"

    def start(self) -> None:
        """Start, and again where a backend of before that has not noticed yet is in the way."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                self.process = self._launch()
            if self._run("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False) == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL does not start: see postgres.log")

    def _launch(self) -> subprocess.Popen[bytes]:
        with (self.directory.parent / "postgres.log").open("ab") as log:
            # Not by runuser: the postmaster has to be a child of ours, so that it is gone when it is dead.
            return subprocess.Popen(
                [
                    str(self.bin / "postgres"),
                    *("-D", f"{self.directory}/data", "-p", str(self.port), "-k", str(self.directory)),
                    *("-c", "listen_addresses=127.0.0.1"),
                    *(part for option in self.options for part in ("-c", option)),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **({"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}),
            )

    def kill(self) -> None:
        """kill -9 for the postmaster and every backend, and wait until they are gone."""
        if self.process is None:
            return
        pids = [self.process.pid, *children_of(self.process.pid)]
        kill_tree(self.process.pid)
        self.process.wait()
        while any(Path(f"/proc/{pid}").exists() and not _is_zombie(pid) for pid in pids):
            time.sleep(0.02)

    def psql(self, database: str, statement: str) -> None:
        self._run(
            "psql",
            *("-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"),
            *("-d", database, "-c", statement),
        )

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            kill_tree(self.process.pid)
            self.process.wait()

    def _as_postgres(self) -> list[str]:
        return ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []

    def _run(self, name: str, *arguments: str, check: bool = True) -> int:
        return subprocess.run(
            [*self._as_postgres(), str(self.bin / name), *arguments], check=check, stdout=subprocess.DEVNULL
        ).returncode


def _is_zombie(pid: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True


@contextlib.contextmanager
def bench_database(name: str) -> Iterator[tuple[Path, str]]:
    """A folder for a bench and the address of an empty database, "spatialite" in it or "postgis" of its own;
    both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="headlamp-bench-") as directory:
        folder = Path(directory)
        folder.chmod(0o755)
        if name == "spatialite":
            yield folder, f"spatialite:///{directory}/bench.sqlite3"
            return
        postgres = Postgres(folder / "postgres")
        try:
            yield folder, postgres.url
        finally:
            postgres.stop()


class Stand:
    """Web processes and a worker over one database. A process that ends is started again."""

    def __init__(self, directory: Path, database_url: str, **environment: str) -> None:
        self.directory, self.port = directory, free_port()
        self.key = f"bench:{base64.b64encode(secrets.token_bytes(64)).decode()}"
        self.environment = {
            **os.environ,
            "HEADLAMP_ENV_FILE": os.devnull,
            "HEADLAMP_SECRET_KEY": secrets.token_urlsafe(50),
            "HEADLAMP_KEYS": self.key,
            "HEADLAMP_VAR": str(directory),
            "HEADLAMP_DEMO": "true",
            "HEADLAMP_COLLECT_STATIC": "false",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "impact.settings",
            **environment,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.starts = {"web": 0, "worker": 0}
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        (directory / "static").mkdir(parents=True, exist_ok=True)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [*MANAGE, *arguments], env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self, *names: str, settings: dict[str, str] | None = None) -> None:
        self._stopping.clear()
        self.settings = settings or {}
        for name in names or ("web", "worker"):
            self._start(name)
        threading.Thread(target=self._keep_up, daemon=True).start()

    def kill(self, name: str) -> None:
        with self._lock:
            process = self.processes[name]
            kill_tree(process.pid)
            process.wait()

    def kill_one_web_worker(self) -> None:
        """One of gunicorn's workers, whose place gunicorn fills again."""
        children = children_of(self.processes["web"].pid)
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(children[0], signal.SIGKILL)

    def stop(self) -> None:
        self._stopping.set()
        with self._lock:
            for process in self.processes.values():
                kill_tree(process.pid)
                process.wait()

    @contextlib.contextmanager
    def paused(self, pid: int) -> Iterator[None]:
        """SIGSTOP for a process and all under it."""
        pids = [pid, *children_of(pid)]
        for each in pids:
            os.kill(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(each, signal.SIGCONT)

    def _keep_up(self) -> None:
        while not self._stopping.wait(0.05):
            with self._lock:
                for name, process in self.processes.items():
                    if process.poll() is not None and not self._stopping.is_set():
                        self._start(name)

    def web_command(self, port: int) -> list[str]:
        """gunicorn as docs/running.md starts it, on this port."""
        return [
            *(sys.executable, "-m", "gunicorn", "impact.wsgi", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "16", "--log-level", "error"),
            "--preload",  # a worker that was killed is forked again, and not loaded for seconds
        ]

    def _start(self, name: str) -> None:
        commands = {
            "web": self.web_command(self.port),
            "worker": [*MANAGE, "worker"],
        }
        self.starts[name] += 1
        with (self.directory / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                commands[name],
                env={**self.environment, **self.settings},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
