"""Python's collector of cycles at rest, for work that holds every incident of a snapshot at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Within this block no cycles are looked for: a hundred thousand records have none, and each look walks
    all of them, which takes as long as the work itself. The process's collector is on again afterwards.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
