"""Requests that come at the same time are served in groups, and nobody is forgotten."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from sms_gateway.intake.together import NotServed, Together


class Server:
    """Serves numbers by their squares, one group after the other, and remembers the groups."""

    def __init__(self, *, takes_s: float = 0.0) -> None:
        self.groups: list[list[int]] = []
        self.takes_s = takes_s
        self.may_go = threading.Event()
        self.may_go.set()
        self.has_begun = threading.Event()
        self._alone = threading.Lock()

    def __call__(self, items: Sequence[int]) -> list[int]:
        assert self._alone.acquire(blocking=False), "two groups at once"
        self.has_begun.set()
        self.may_go.wait(10)
        time.sleep(self.takes_s)
        self.groups.append(list(items))
        self._alone.release()
        if 13 in items:
            raise ValueError("thirteen")
        return [item * item for item in items]


def test_alone_one_is_served_at_once() -> None:
    server = Server()
    together = Together(server, key=str, most=8)
    assert [together.served(number, wait_s=1) for number in (2, 3)] == [4, 9]
    assert server.groups == [[2], [3]]


def test_who_comes_meanwhile_is_served_together_and_gets_the_own_result() -> None:
    server = Server()
    together = Together(server, key=str, most=8)
    server.may_go.clear()
    with ThreadPoolExecutor(6) as threads:
        first = threads.submit(together.served, 1, wait_s=5)
        assert server.has_begun.wait(5)
        others = [threads.submit(together.served, number, wait_s=5) for number in range(2, 7)]
        while len(together._waiting) < 5:
            time.sleep(0.001)
        server.may_go.set()
        assert first.result(5) == 1
        assert [other.result(5) for other in others] == [4, 9, 16, 25, 36]
    assert server.groups[0] == [1]
    assert sorted(server.groups[1]) == [2, 3, 4, 5, 6]


def test_a_group_has_no_two_of_one_key_and_no_more_than_fit() -> None:
    server = Server(takes_s=0.01)
    together = Together(server, key=lambda number: number % 3, most=2)
    with ThreadPoolExecutor(12) as threads:
        results = list(threads.map(lambda number: together.served(number, wait_s=5), range(12)))
    assert results == [number * number for number in range(12)]
    assert sorted(number for group in server.groups for number in group) == list(range(12))
    for group in server.groups:
        assert len(group) <= 2
        assert len({number % 3 for number in group}) == len(group)


def test_a_failure_is_of_all_who_were_served_together_and_of_nobody_else() -> None:
    server = Server()
    together = Together(server, key=str, most=8)
    server.may_go.clear()
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(together.served, 1, wait_s=5)
        assert server.has_begun.wait(5)
        others = [threads.submit(together.served, number, wait_s=5) for number in (12, 13)]
        while len(together._waiting) < 2:
            time.sleep(0.001)
        server.may_go.set()
        assert first.result(5) == 1
        for other in others:
            with pytest.raises(ValueError, match="thirteen"):
                other.result(5)
    assert together.served(4, wait_s=1) == 16


def test_who_waits_too_long_goes_alone_and_is_not_served_afterwards() -> None:
    server = Server()
    together = Together(server, key=str, most=8)
    server.may_go.clear()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(together.served, 1, wait_s=5)
        assert server.has_begun.wait(5)
        with pytest.raises(NotServed):
            together.served(2, wait_s=0.05)
        server.may_go.set()
        assert first.result(5) == 1
    assert together.served(3, wait_s=1) == 9
    assert server.groups == [[1], [3]]


def test_a_crowd_is_served_whole() -> None:
    server = Server(takes_s=0.001)
    together = Together(server, key=lambda number: number, most=5)
    with ThreadPoolExecutor(16) as threads:
        results = list(threads.map(lambda number: together.served(number, wait_s=10), range(100, 500)))
    assert results == [number * number for number in range(100, 500)]
    assert len(server.groups) < 300
