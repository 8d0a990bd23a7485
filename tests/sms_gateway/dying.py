"""Processes that die: by themselves at a point of receiving or sending, or by kill -9 from outside."""

import os
import signal
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings as django_settings
from django.db import DEFAULT_DB_ALIAS, connection, connections


def die_in(do: Callable[[], object], point: str) -> None:
    """Do something in a process of its own that dies at a point."""
    _, status = os.waitpid(begin(do, point), 0)
    assert os.waitstatus_to_exitcode(status) == 9, point


def begin(do: Callable[[], object], point: str = "") -> int:
    """Do something in a process of its own, which dies at a point if one is named. Returns its id."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            # Where a browser's event loop runs in this thread, Django keeps two connections for it: one for
            # inside the loop, closed above, and one for outside, where a child is. It would die with a
            # transaction open on a session of its parent's, which nobody would end.
            with suppress(AttributeError):
                del connections[DEFAULT_DB_ALIAS]
            django_settings.EXIT_AT = {point: 1} if point else {}
            do()
        finally:
            os._exit(1)
    return child


def kill(child: int) -> None:
    """kill -9, and wait until it has gone."""
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
