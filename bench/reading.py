"""How quick reading is: names beside difflib, and long hostile texts beside half as long ones.

Run: .venv/bin/python -m bench.reading. A text that is twice as long should take about twice the time,
whatever is in it.
"""

import difflib
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime

from impact.places.gazetteer import Gazetteer, NamedPlace, read_shipped_places
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text

HINTS = Hints(datetime(2026, 11, 20, tzinfo=UTC), "SL")
HOSTILE = (
    "9",
    "1 ",
    "-6.1 ",
    "killed ",
    "not killed ",
    "between Koidu and ",
    "Koidu ",
    "since 3 days ago ",
    "twenty hundred ",
)


def seconds(work: Callable[[], object], times: int) -> float:
    work()
    started = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - started) / times


def bench_names() -> None:
    syllables = ("ka", "mbu", "tshi", "lo", "nde", "sa", "ko", "li", "mba", "ngo", "ru", "wa")
    names = ["".join(parts) for parts in itertools.product(syllables, repeat=4)][:20_000]
    gazetteer = Gazetteer(
        NamedPlace("place", number, name, (), "CD", 23.6, -6.15, 5000.0, 1000)
        for number, name in enumerate(names)
    )
    ours = seconds(lambda: gazetteer.similar_matches("tshilonderru"), 50)
    peer = seconds(lambda: difflib.get_close_matches("tshilonderru", names, n=8, cutoff=0.8), 3)
    print(f"a misspelt name among {len(names)}: {ours * 1000:.2f} ms")
    print(f"the same by difflib: {peer * 1000:.0f} ms, {peer / ours:.0f} times as long")


def bench_messages() -> None:
    gazetteer = Gazetteer(read_shipped_places())
    message = "Hier soir des militaires ont tiré sur les creuseurs près de Tshikapa, 2 morts et 3 blessés"
    took = seconds(lambda: read_text(message, HINTS, gazetteer), 200)
    print(f"an ordinary message: {took * 1000:.2f} ms, {1 / took:.0f} a second")
    for part in HOSTILE:
        half, whole = part * (2_000 // len(part)), part * (4_000 // len(part))
        short = seconds(lambda text=half: read_text(text, HINTS, gazetteer), 3)  # type: ignore[misc]
        long = seconds(lambda text=whole: read_text(text, HINTS, gazetteer), 3)  # type: ignore[misc]
        print(f"4,000 characters of {part!r}: {long * 1000:.0f} ms, {long / short:.1f} times half as many")


if __name__ == "__main__":
    bench_names()
    bench_messages()
