"""How an import tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int, int], None]  # rows done, rows in all


def no_progress(done: int, total: int) -> None:
    """For callers that do not care."""
