"""How long a database may keep a provider waiting: a limit that also holds when it is frozen.

A provider gives up after some 15 seconds, so the answer must not hang on a database that does not. A
statement timeout is the server's own and useless when the server is stopped, so on PostgreSQL the
connection is cut off from this side when its time is over; on SQLite, waiting for the file is limited.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections

from impact.spatialite.base import BUSY_TIMEOUT_MS

_TICK_S = 0.2


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Within this block the database gets so many seconds in all; then its work fails (DatabaseError)."""
    if connection.vendor == "sqlite":
        with _short_wait(seconds):
            yield
    else:
        # The connection itself: `connection` is another one in the watchdog's thread.
        with _watchdog.watching(connections[DEFAULT_DB_ALIAS], seconds):
            yield


@contextmanager
def _short_wait(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    raw.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        if connection.connection is raw:
            with suppress(DatabaseError):
                raw.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


class _Watchdog:
    """One thread a process that cuts off connections whose time is over."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._watched: dict[int, tuple[float, Any]] = {}
        self._serial = count()
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, wrapper: Any, seconds: float) -> Iterator[None]:
        ticket = next(self._serial)
        with self._wake:
            self._watched[ticket] = (time.monotonic() + seconds, wrapper)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="database time limits", daemon=True)
                self._thread.start()
            elif len(self._watched) == 1:
                self._wake.notify()
        try:
            yield
        finally:
            with self._wake:
                self._watched.pop(ticket, None)

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


def _cut_off(wrapper: Any) -> None:
    """End a connection under the thread that waits for it, which then gets an OperationalError."""
    with suppress(Exception):  # closed in this very moment, or not open yet: connect_timeout sees to that
        descriptor = os.dup(wrapper.connection.pgconn.socket)
        with socket.socket(fileno=descriptor) as line:
            line.shutdown(socket.SHUT_RDWR)


_watchdog = _Watchdog()


def _forget_the_parents_watchdog() -> None:
    global _watchdog
    _watchdog = _Watchdog()


os.register_at_fork(after_in_child=_forget_the_parents_watchdog)
