"""Many at once: the same thing in many threads, each with its own connection, from one starting shot."""

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(do: Callable[[], Result], *, times: int) -> list[Result]:
    """What each of so many simultaneous calls gave. The first failure, if any, is raised."""
    barrier = threading.Barrier(times)
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        connection.ensure_connection()  # before the shot: connecting takes longer than what is raced
        barrier.wait()
        try:
            results.append(do())
        except BaseException as error:  # noqa: BLE001  (raised again below, in the test's own thread)
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return results
