"""Requests that come at the same time are served together, by the thread of the one that was there first.

As databases commit in groups. Who comes while others are being served waits for their end, and is served with
all who came meanwhile; alone in the house, one is served alone. Only right after a group, whose senders are
likely to be back at once, the first of them waits a moment for the others.
"""

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

MOMENT_S = 0.004

Item = TypeVar("Item")
Result = TypeVar("Result")


class NotServed(Exception):
    """The group that one was waiting for took too long: whoever waited has to go alone."""


class _Ticket(Generic[Item, Result]):
    def __init__(self, item: Item, key: Hashable) -> None:
        self.item, self.key = item, key
        self.is_called = threading.Event()
        self.is_first = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class Together(Generic[Item, Result]):
    """Serves items in groups: `serve` gives a result for each, in their order, or fails for all of them.

    No two items of a group have the same key. A group has at most `most` items.
    """

    def __init__(
        self,
        serve: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        key: Callable[[Item], Hashable],
        most: int,
    ) -> None:
        self._serve, self._key, self._most = serve, key, most
        self._lock = threading.Lock()
        self._waiting: list[_Ticket[Item, Result]] = []
        self._is_busy = False
        self._latest = 1  # how many the latest group had, and when it ended
        self._ended_at = 0.0
        self._is_company = threading.Event()

    def served(self, item: Item, *, wait_s: float) -> Result:
        """The result for this item. Raises NotServed when its turn does not come in time, and what `serve`
        raises.

        Being served has no limit here: `serve` sees to that.
        """
        ticket = _Ticket[Item, Result](item, self._key(item))
        with self._lock:
            if self._is_busy:
                self._waiting.append(ticket)
                if len(self._waiting) + 1 >= self._latest:
                    self._is_company.set()
            else:
                self._is_busy = ticket.is_first = True
                self._is_company.clear()
        if not ticket.is_first and not ticket.is_called.wait(wait_s):
            with self._lock:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                    raise NotServed
            ticket.is_called.wait()  # it was taken along at this very moment
        if ticket.is_first:
            self._serve_group(ticket)
        if ticket.error is not None:
            raise ticket.error
        return ticket.result  # type: ignore[return-value]

    def _serve_group(self, first: _Ticket[Item, Result]) -> None:
        group = [first]
        try:
            self._wait_for_company()
            group = self._group(first)
            results = self._serve([ticket.item for ticket in group])
            for ticket, result in zip(group, results, strict=True):
                ticket.result = result
        except BaseException as error:  # noqa: BLE001  (each raises it, in its own thread)
            for ticket in group:
                ticket.error = error
        finally:
            self._call_next(len(group))
            for ticket in group:
                ticket.is_called.set()

    def _wait_for_company(self) -> None:
        if self._latest > 1 and time.monotonic() < self._ended_at + MOMENT_S:
            self._is_company.wait(MOMENT_S)

    def _group(self, first: _Ticket[Item, Result]) -> list[_Ticket[Item, Result]]:
        group, keys = [first], {first.key}
        with self._lock:
            for ticket in self._waiting:
                if len(group) < self._most and ticket.key not in keys:
                    group.append(ticket)
                    keys.add(ticket.key)
            self._waiting = [ticket for ticket in self._waiting if ticket not in group]
        return group

    def _call_next(self, size: int) -> None:
        with self._lock:
            self._latest, self._ended_at = size, time.monotonic()
            self._is_busy = bool(self._waiting)
            self._is_company.clear()
            if self._waiting:
                following = self._waiting.pop(0)
                following.is_first = True
                following.is_called.set()
