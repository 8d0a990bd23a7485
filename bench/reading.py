"""How well and how quickly messages are read, each beside a plainer way of doing the same.

Run: .venv/bin/python -m bench.reading

- Figures over the labelled messages of tests/understanding, those that were never looked at apart.
- Harms beside keywords without stems, gaps or negation; dates beside dateparser alone; places beside the
  exact look-up of names.
- A misspelt name beside difflib; 250,000 places loaded and read with; long hostile texts beside half as long
  ones: a text that is twice as long should take about twice the time, whatever is in it.
"""

import difflib
import gc
import itertools
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from dateparser.search import search_dates

from impact.places.gazetteer import Gazetteer, NamedPlace, read_shipped_places
from impact.understanding.facts import Hints
from impact.understanding.language import find_language
from impact.understanding.lexicon import READ_IN_FULL, Lexicon
from impact.understanding.reading import read_text
from impact.understanding.tokens import tokens_of
from impact.vocabulary import Harm, theme_of
from tests.understanding.scoring import (
    CORPUS,
    HELD_OUT,
    Row,
    Scores,
    hints_of,
    read_all,
    reader,
    rows_of,
    scores_of,
    table,
)

HINTS = Hints(datetime(2026, 11, 20, tzinfo=UTC), "SL")
MANY_PLACES = 250_000
LONGEST_NAME = 4
HOSTILE = (
    "9",
    "1 ",
    "-6.1 ",
    "@ ",
    "in ",
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


def bench_figures(gazetteer: Gazetteer) -> None:
    for name, path in (("messages never looked at", HELD_OUT), ("messages looked at", CORPUS)):
        rows = rows_of(path)
        pairs = read_all(rows, reader(gazetteer))
        main = [pair for pair in pairs if pair[0]["language"] in READ_IN_FULL]
        other = [pair for pair in pairs if pair[0]["language"] not in READ_IN_FULL]
        by_language: dict[str, tuple[int, Scores]] = {
            "all": (len(pairs), scores_of(pairs)),
            "en, fr, pt, sw": (len(main), scores_of(main)),
            "ln, sg, kri, sn": (len(other), scores_of(other)),
        }
        for language in sorted({row["language"] for row in rows}):
            spoken = [pair for pair in pairs if pair[0]["language"] == language]
            by_language[language] = (len(spoken), scores_of(spoken))
        print(f"{name}\n{table(by_language)}\n")


def bench_baselines(gazetteer: Gazetteer) -> None:
    rows = [row for row in rows_of(HELD_OUT) if row["is_report"]]
    ours = scores_of(read_all(rows, reader(gazetteer)))
    plain = scores_of(read_all(rows, lambda row: plainly_read(row, gazetteer)))
    print("the same messages, reports alone, in plainer ways")
    for what, name, way in (
        ("harms", "harms", "keywords"),
        ("main theme", "theme", "keywords"),
        ("date", "date", "dateparser alone"),
        ("place", "place", "exact names"),
        ("place invented", "invented", "exact names"),
    ):
        one, other = getattr(ours, name), getattr(plain, name)
        ratio = one / other if other else float("inf")
        print(f"{what:16} {one:.3f}, {way} {other:.3f}: {ratio:.2f} times")
    print()


def plainly_read(row: Row, gazetteer: Gazetteer) -> Row:
    """A message read by keywords, dateparser and exact names; the rest is left empty."""
    tokens = tokens_of(row["text"])
    books = find_language(tokens, row["sender_country"], "").read_with
    harms = list(dict.fromkeys(harm for token in tokens for harm in _keyword_harms(token.word, books)))
    return {
        "language": "",
        "is_report": True,
        "harms": harms,
        "theme": str(theme_of(Harm(harms[0]))) if harms else None,
        "place": _exact_place(row, gazetteer),
        "occurred": _parsed_date(row),
        "people": {},
        "perpetrator": "unknown",
    }


def _keyword_harms(word: str, books: tuple[Lexicon, ...]) -> Iterator[str]:
    for book in books:
        for label, words, share in _whole_phrases(book):
            if share == 1 and label.section == "harms" and word in words:
                yield label.name


_PHRASES: dict[str, list[Any]] = {}


def _whole_phrases(book: Lexicon) -> list[Any]:
    """The phrases of one word, kept: listing them is slow."""
    if book.language not in _PHRASES:
        _PHRASES[book.language] = [part for part in book.phrases.parts() if part[2] == 1]
    return _PHRASES[book.language]


def _parsed_date(row: Row) -> dict[str, str] | None:
    received = hints_of(row).received_at.replace(tzinfo=None)
    languages = [row["language"]] if row["language"] in READ_IN_FULL else ["en", "fr"]
    found = search_dates(
        row["text"],
        languages=languages,
        settings={"RELATIVE_BASE": received, "PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY"},
    )
    if not found:
        return None
    day = found[0][1].date().isoformat()
    return {"from": day, "to": day}


def _exact_place(row: Row, gazetteer: Gazetteer) -> dict[str, Any] | None:
    words = [token.word for token in tokens_of(row["text"])]
    for size in range(LONGEST_NAME, 0, -1):
        for start in range(len(words) - size + 1):
            places = [match.place for match in gazetteer.exact_matches("".join(words[start : start + size]))]
            home = [place for place in places if place.country == row["sender_country"]] or places
            if home:
                place = max(home, key=lambda one: one.population)
                return {"name": place.name, "lat": place.latitude, "lon": place.longitude}
    return None


def bench_names() -> None:
    names = made_names(20_000)
    gazetteer = Gazetteer(
        NamedPlace("place", number, name, (), "CD", 23.6, -6.15, 5000.0, 1000)
        for number, name in enumerate(names)
    )
    ours = seconds(lambda: gazetteer.similar_matches("tshilonderru"), 50)
    peer = seconds(lambda: difflib.get_close_matches("tshilonderru", names, n=8, cutoff=0.8), 3)
    print(f"a misspelt name among {len(names)}: {ours * 1000:.2f} ms")
    print(f"the same by difflib: {peer * 1000:.0f} ms, {peer / ours:.0f} times as long\n")


def made_names(count: int) -> list[str]:
    syllables = "ka mbu tshi lo nde sa ko li mba ngo ru wa yo fu zi pe to du gbe ma hi ve".split()
    parts = itertools.product(syllables, repeat=4)
    return ["".join(some).capitalize() for some in itertools.islice(parts, count)]


def bench_many_places() -> None:
    """Limits: load in 2 s, stay within 350 MB, read 500 messages a second."""
    shipped = list(read_shipped_places())
    made = (
        NamedPlace(
            "place",
            -number - 1_000_000,
            name,
            (),
            shipped[number % len(shipped)].country,
            23.6,
            -6.15,
            2000.0,
            0,
        )
        for number, name in enumerate(made_names(MANY_PLACES - len(shipped)))
    )
    places = [*shipped, *made]
    started = time.perf_counter()
    gazetteer = Gazetteer(places)
    took = time.perf_counter() - started
    del places, made, shipped
    gc.collect()
    gc.freeze()
    rows = rows_of(CORPUS) + rows_of(HELD_OUT)
    read = reader(gazetteer)
    a_message = seconds(lambda: [read(row) for row in rows], 3) / len(rows)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(gazetteer)} places loaded in {took:.2f} s: {took / 2:.2f} of the limit of 2 s")
    print(
        f"{1 / a_message:.0f} messages a second: {1 / a_message / 500:.1f} times the 500 that are asked for"
    )
    print(f"peak of this whole process {peak_mb:.0f} MB\n")


def bench_long_texts(gazetteer: Gazetteer) -> None:
    for part in HOSTILE:
        half, whole = part * (800 // len(part)), part * (1_600 // len(part))
        short = seconds(lambda text=half: read_text(text, HINTS, gazetteer), 5)  # type: ignore[misc]
        long = seconds(lambda text=whole: read_text(text, HINTS, gazetteer), 5)  # type: ignore[misc]
        print(
            f"1,600 characters of {part!r}: {long * 1000:.0f} ms, {long / 0.05:.2f} of the limit of 50 ms, "
            f"{long / short:.1f} times half as many"
        )


if __name__ == "__main__":
    bench_many_places()
    shipped_gazetteer = Gazetteer(read_shipped_places())
    bench_figures(shipped_gazetteer)
    bench_baselines(shipped_gazetteer)
    bench_names()
    bench_long_texts(shipped_gazetteer)
