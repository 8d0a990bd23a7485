"""How long a database may keep a provider waiting: a limit that also holds when it is frozen.

A provider gives up after some 15 seconds, so the answer must not hang on a database that does not. A
statement timeout is the server's own and useless when the server is stopped, so on PostgreSQL the
connection is cut off from this side when its time is over; on SQLite, waiting for the file is limited.
"""

import fcntl
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol, TextIO

from django.db import DEFAULT_DB_ALIAS, DatabaseError, OperationalError, connection, connections

from impact.spatialite.base import BUSY_TIMEOUT_MS

KEEP_S = 2.0  # to store a message
TAKE_IN_S = 5.0  # to make of it what it is
NAMES_S = 2.0  # to wait for the names to read by

_TICK_S = 0.2
_LOOK_S = 0.002


class Busy(OperationalError):
    """No turn to write came in time."""


class Limit(Protocol):
    """A limit that runs."""

    def extend(self, seconds: float) -> None:
        """From now on, so many seconds more."""


@contextmanager
def time_limit(seconds: float) -> Iterator[Limit]:
    """Within this block the database gets so many seconds in all; then its work fails (DatabaseError)."""
    if connection.vendor == "sqlite":
        with _short_wait(seconds) as short:
            yield short
    else:
        # The connection itself: `connection` is another one in the watchdog's thread.
        with _watchdog.watching(connections[DEFAULT_DB_ALIAS], seconds) as limit:
            yield limit


@contextmanager
def turn_to_write(seconds: float) -> Iterator[None]:
    """Wait in line before a transaction that writes, on the database that has one writer at a time.

    Raises Busy when no turn comes in time. Not to be nested.
    """
    if connection.vendor == "sqlite":
        with _turns.mine(seconds):
            yield
    else:
        yield


class _ShortWait:
    """On SQLite what takes long is waiting for the file, so that is what is limited."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def extend(self, seconds: float) -> None:
        self._raw.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")


@contextmanager
def _short_wait(seconds: float) -> Iterator[_ShortWait]:
    connection.ensure_connection()
    raw = connection.connection
    wait = _ShortWait(raw)
    wait.extend(seconds)
    try:
        yield wait
    finally:
        if connection.connection is raw:
            with suppress(DatabaseError):
                wait.extend(BUSY_TIMEOUT_MS / 1000)


class _Turns:
    """Writers of the one file wait here, where whoever is free is let in at once.

    SQLite itself lets a waiting writer sleep for up to 100 ms between two looks, so that in a crowd some
    never find the file free. The lock is a file of its own, and ends with the process that holds it.
    """

    def __init__(self) -> None:
        self._in_process = threading.Lock()

    @contextmanager
    def mine(self, seconds: float) -> Iterator[None]:
        """Wait for a turn. Raises Busy when it does not come in time."""
        deadline = time.monotonic() + seconds
        if not self._in_process.acquire(timeout=seconds):
            raise Busy("the database file is busy")
        try:
            with _turn_file() as file:
                while not _try_lock(file):
                    if time.monotonic() >= deadline:
                        raise Busy("the database file is busy")
                    time.sleep(_LOOK_S)
                yield
        finally:
            self._in_process.release()


def _turn_file() -> TextIO:
    try:
        return Path(f"{connection.settings_dict['NAME']}.turn").open("w")
    except OSError as error:
        raise OperationalError(f"the folder of the database: {os.strerror(error.errno or 0)}") from None


def _try_lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


class _Watchdog:
    """One thread a process that cuts off connections whose time is over."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._watched: dict[int, tuple[float, Any]] = {}
        self._serial = count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, wrapper: Any, seconds: float) -> Iterator[Limit]:
        ticket = next(self._serial)
        with self._wake:
            self._watched[ticket] = (time.monotonic() + seconds, wrapper)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="database time limits", daemon=True)
                self._thread.start()
            elif len(self._watched) == 1:
                self._wake.notify()
        try:
            yield _WatchedLimit(self, ticket, wrapper)
        finally:
            with self._wake:
                self._watched.pop(ticket, None)

    def extend(self, ticket: int, wrapper: Any, seconds: float) -> None:
        with self._wake:
            if ticket in self._watched:
                self._watched[ticket] = (time.monotonic() + seconds, wrapper)

    def _run(self) -> None:
        while True:
            with self._wake:
                if not self._watched:
                    self._wake.wait()
                now = time.monotonic()
                for ticket, (deadline, wrapper) in list(self._watched.items()):
                    if now >= deadline:
                        del self._watched[ticket]
                        _cut_off(wrapper)
            time.sleep(_TICK_S)


class _WatchedLimit:
    def __init__(self, watchdog: _Watchdog, ticket: int, wrapper: Any) -> None:
        self._watchdog, self._ticket, self._wrapper = watchdog, ticket, wrapper

    def extend(self, seconds: float) -> None:
        self._watchdog.extend(self._ticket, self._wrapper, seconds)


def _cut_off(wrapper: Any) -> None:
    """End a connection under the thread that waits for it, which then gets an OperationalError."""
    with suppress(Exception):  # closed in this very moment, or not open yet: connect_timeout sees to that
        descriptor = os.dup(wrapper.connection.pgconn.socket)
        with socket.socket(fileno=descriptor) as line:
            line.shutdown(socket.SHUT_RDWR)


_turns = _Turns()
_watchdog = _Watchdog()


def _forget_the_parents_watchdog() -> None:
    global _turns, _watchdog
    _turns, _watchdog = _Turns(), _Watchdog()


os.register_at_fork(after_in_child=_forget_the_parents_watchdog)
