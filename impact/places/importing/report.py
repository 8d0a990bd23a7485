"""What an import did: how many rows came to what, and which were left out and why."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

Listener = Callable[[int, str, str], None]  # row (0 for none), what, why
_MOST_PRINTED = 500


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `skipped`, `mended` and `doubtful` hold (row number, reason). `gone` holds what the
    source had before and has no longer. `listen` hears of every row as it happens.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)
    doubtful: list[tuple[int, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listen: Listener | None = None

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + len(self.skipped)

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.updated or self.retired)

    def skip(self, number: int, reason: str) -> None:
        self.skipped.append((number, reason))
        self.tell(number, "skipped", reason)

    def mend(self, number: int, fault: str) -> None:
        self.mended.append((number, fault))
        self.tell(number, "mended", fault)

    def doubt(self, number: int, reason: str) -> None:
        self.doubtful.append((number, reason))
        self.tell(number, "doubtful", reason)

    def tell(self, number: int, what: str, why: str = "") -> None:
        if self.listen is not None:
            self.listen(number, what, why)

    def lines(self) -> Iterator[str]:
        """The report as a table to print: the counts first, then every row that has a reason."""
        counts = {
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "mended": len(self.mended),
            "skipped": len(self.skipped),
        }
        if self.gone:
            counts |= {"gone": len(self.gone), "retired": self.retired}
        width = max(len(str(count)) for count in counts.values())
        for name, count in counts.items():
            yield f"{name:<10}{count:>{width}}"
        yield from self.notes
        for title, rows in (("mended", self.mended), ("doubtful", self.doubtful), ("skipped", self.skipped)):
            if rows:
                yield f"{title}:"
                yield from _some([f"  row {number}: {reason}" for number, reason in sorted(rows)])
        if self.gone:
            yield "retired, no longer in the source:" if self.retired else "no longer in the source, kept:"
            yield from _some([f"  {name}" for name in self.gone])


def csv_listener(file: TextIO) -> Listener:
    """Writes every row of a report as it happens: row, what, why."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("row", "what", "why"))

    def listen(number: int, what: str, why: str) -> None:
        # A cell that a spreadsheet would take for a formula is marked as text.
        safe = f"'{why}" if why[:1] in {"=", "+", "-", "@"} else why
        writer.writerow((number or "", what, safe))

    return listen


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_MOST_PRINTED]
    if len(lines) > _MOST_PRINTED:
        yield f"  and {len(lines) - _MOST_PRINTED} more: --report FILE.csv has them all"
