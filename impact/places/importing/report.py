"""What an import did: how many rows came to what, and which were left out and why."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; `skipped`, `mended` and `doubtful` hold (row number, reason)."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: list[tuple[int, str]] = field(default_factory=list)
    mended: list[tuple[int, str]] = field(default_factory=list)
    doubtful: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.created + self.updated + self.unchanged + len(self.skipped)

    @property
    def has_changes(self) -> bool:
        return bool(self.created or self.updated)

    def skip(self, number: int, reason: str) -> None:
        self.skipped.append((number, reason))

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
        width = max(len(str(count)) for count in counts.values())
        for name, count in counts.items():
            yield f"{name:<10}{count:>{width}}"
        yield from self.notes
        for title, rows in (("mended", self.mended), ("doubtful", self.doubtful), ("skipped", self.skipped)):
            if rows:
                yield f"{title}:"
                yield from (f"  row {number}: {reason}" for number, reason in sorted(rows))
