"""Places where a process can be told to die, between each two steps of receiving: for bench/durability.py.

HEADLAMP_EXIT_AT=POINT:N,… ends the process, as kill -9 would, once in N times on average that it reaches
the point. It is refused but with HEADLAMP_DEMO or HEADLAMP_DEBUG; by default nothing happens here.
"""

import os
import random

from django.conf import settings

POINTS = frozenset(
    {
        "after-verify",
        "after-insert",
        "before-commit",
        "after-commit",
        "before-reply",
        "mid-spool-write",
        "before-spool-rename",
        "after-spool-rename",
        "after-spool-sync",
        "mid-drain",
        "after-drain-commit",
        "before-send",
        "after-send",
    }
)


def reached(point: str) -> None:
    """Die here, if this point was named and its turn has come."""
    if settings.EXIT_AT and (times := settings.EXIT_AT.get(point, 0)) and random.randrange(times) == 0:  # noqa: S311
        os._exit(9)
