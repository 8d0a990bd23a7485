"""How well what identifies is found in labelled texts: what the tests and `bench.redaction` measure.

A text a line: `found` are the letters that identify somebody, with their kind; "large" is a name that stands
by itself. The texts that are `kept_aside` were not looked at while the finder was made: they say how well
unseen ones are searched.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from impact.places.gazetteer import Gazetteer
from impact.understanding.redaction import Finding, find_identifying

LABELLED = Path(__file__).with_name("labelled.jsonl")
NUMBERS = ("phone", "identity", "plate")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """Labels found of all labels; findings that touch a label of all findings."""

    labelled: int
    recalled: int
    missed: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.recalled / self.labelled if self.labelled else 1.0


def rows_of(*, kept_aside: bool | None = None) -> list[Row]:
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if kept_aside is None or row["kept_aside"] is kept_aside]


def found_in(rows: list[Row], gazetteer: Gazetteer) -> list[tuple[Row, tuple[Finding, ...]]]:
    return [(row, find_identifying(row["text"], gazetteer)) for row in rows]


def score_of(pairs: list[tuple[Row, tuple[Finding, ...]]], *kinds: str) -> Score:
    """A label counts as found when every letter and figure of it stands in some finding."""
    labelled = 0
    missed: list[str] = []
    for row, findings in pairs:
        covered = {at for found in findings for at in range(found.span.start, found.span.end)}
        for label in row["found"]:
            if label["kind"] not in kinds:
                continue
            labelled += 1
            letters = (label["start"] + at for at, letter in enumerate(label["words"]) if letter.isalnum())
            if not all(at in covered for at in letters):
                missed.append(f"{row['id']} {label['words']}")
    return Score(labelled, labelled - len(missed), tuple(missed))


def precision_of(pairs: list[tuple[Row, tuple[Finding, ...]]]) -> tuple[float, tuple[str, ...]]:
    """The share of findings that touch a label, and those that touch none."""
    told, vain = 0, []
    for row, findings in pairs:
        labels = [(label["start"], label["start"] + len(label["words"])) for label in row["found"]]
        for found in findings:
            told += 1
            if not any(found.span.start < end and start < found.span.end for start, end in labels):
                vain.append(f"{row['id']} {found.kind} {found.words}")
    return 1 - len(vain) / told if told else 1.0, tuple(vain)
