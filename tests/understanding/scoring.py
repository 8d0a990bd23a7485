"""How well labelled messages are read: the measures that the tests and `bench.reading` share.

A corpus has a message a line: id, text, received (ISO 8601), sender_country, language, is_report, harms (the
main one first), place (name, lat, lon) or null, occurred (first and last day) or null, people (kind to
number) and perpetrator. Messages that are no report have no labels but the first six.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from pyproj import Geod

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text
from impact.vocabulary import theme_of

TOLERANCE_M = 15_000
CORPUS = Path(__file__).parent / "corpus.jsonl"
HELD_OUT = Path(__file__).parent / "held_out.jsonl"
_GEOD = Geod(ellps="WGS84")

Row = dict[str, Any]
Pair = tuple[Row, Row]
Reader = Callable[[Row], Row]


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares from 0 to 1. Harms are micro-averaged F1; of `invented` less is better; the rest is right."""

    language: float
    is_report: float
    harms: float
    theme: float
    place: float
    invented: float
    date: float
    people: float
    perpetrator: float


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def hints_of(row: Row) -> Hints:
    return Hints(datetime.fromisoformat(row["received"]), row["sender_country"])


def reader(gazetteer: Gazetteer) -> Reader:
    """Reads a labelled message as `read_texts` does."""
    return lambda row: read_text(row["text"], hints_of(row), gazetteer).to_line(row["id"])


def read_all(rows: Iterable[Row], read: Reader) -> list[Pair]:
    """Each labelled message with what was read of it."""
    return [(row, read(row)) for row in rows]


def scores_of(pairs: list[Pair]) -> Scores:
    """The measures over some messages. Dates, people and the like are asked of reports alone."""
    told = [(wanted, got) for wanted, got in pairs if wanted["is_report"]]
    placed = [(wanted, got) for wanted, got in told if wanted["place"]]
    found = sum(wanted["is_report"] and got["is_report"] for wanted, got in pairs)
    called = sum(wanted["is_report"] + got["is_report"] for wanted, got in pairs)
    right = sum(len(set(wanted["harms"]) & set(got["harms"])) for wanted, got in told)
    harms = sum(len(wanted["harms"]) + len(got["harms"]) for wanted, got in told)
    return Scores(
        language=_share(wanted["language"] == got["language"] for wanted, got in pairs),
        is_report=2 * found / max(1, called),
        harms=2 * right / max(1, harms),
        theme=_share(str(theme_of(wanted["harms"][0])) == got["theme"] for wanted, got in told),
        place=_share(is_near(wanted["place"], got["place"]) for wanted, got in placed),
        invented=_share(
            got["place"] is not None and not is_near(wanted["place"], got["place"]) for wanted, got in told
        ),
        date=_share(_days(got) == wanted["occurred"] for wanted, got in told),
        people=_share(wanted["people"] == got["people"] for wanted, got in told),
        perpetrator=_share(wanted["perpetrator"] == got["perpetrator"] for wanted, got in told),
    )


def is_near(label: Row | None, place: Row | None) -> bool:
    """Whether a place lies within the tolerance of the one that the label gives."""
    if label is None or place is None:
        return False
    _, _, off_m = _GEOD.inv(label["lon"], label["lat"], place["lon"], place["lat"])
    return bool(off_m <= TOLERANCE_M)


def table(named: dict[str, tuple[int, Scores]]) -> str:
    """The scores as lines of text, a row for each name with the number of its messages."""
    columns = [field.name for field in fields(Scores)]
    head = f"{'':24}{'n':>5}" + "".join(f"{column:>12}" for column in columns)
    lines = [
        f"{name:24}{count:5}" + "".join(f"{getattr(scores, column):12.3f}" for column in columns)
        for name, (count, scores) in named.items()
    ]
    return "\n".join((head, *lines))


def _days(got: Row) -> list[str] | None:
    return list(got["occurred"].values()) if got["occurred"] else None


def _share(values: Iterable[bool]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
