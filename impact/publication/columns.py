"""What is public as columns of numbers: to count a million incidents in some ten milliseconds, by any filter.

About 60 bytes an incident. Each point, and each set of producing areas, is held once: points are the centres
of cells, and areas are measured from them.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from impact.publication.changes import Mark

Point = tuple[float | None, float | None, str]  # longitude, latitude, cell
Links = tuple[tuple[int, int], ...]  # (rank, area)
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
Word = TypeVar("Word", bound=Hashable)


class Codes(Generic[Word]):
    """A number for each word, given once and for ever: later copies add some."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self._known: dict[Word, int] = {}

    def of(self, words: Iterable[Word]) -> list[int]:
        """The numbers of words, new ones where needed. One thread at a time."""
        known, found = self._known, []
        for word in words:
            code = known.get(word)
            if code is None:
                code = known[word] = len(self.words)
                self.words.append(word)
            found.append(code)
        return found

    def known(self, words: Iterable[Word]) -> list[int]:
        """The numbers of those words that have one."""
        return [code for word in words if (code := self._known.get(word)) is not None]


@dataclass(frozen=True, slots=True)
class Dictionaries:
    """The words behind the numbers."""

    themes: Codes[str] = field(default_factory=Codes)
    perpetrators: Codes[str] = field(default_factory=Codes)
    verifications: Codes[str] = field(default_factory=Codes)
    countries: Codes[str] = field(default_factory=Codes)
    harms: Codes[str] = field(default_factory=Codes)
    points: Codes[Point] = field(default_factory=Codes)
    links: Codes[Links] = field(default_factory=Codes)


@dataclass(frozen=True, slots=True)
class Rows:
    """A row for each incident that is public, in no order.

    Words are numbers of the dictionaries; `ids` are in two halves; `harms` has a bit for each; days are NaT
    where not known; `people` are all whom the incident counts.
    """

    ids: npt.NDArray[np.uint64]
    point: Whole
    links: npt.NDArray[np.int32]
    theme: npt.NDArray[np.int8]
    perpetrator: npt.NDArray[np.int8]
    verification: npt.NDArray[np.int8]
    country: npt.NDArray[np.int16]
    harms: npt.NDArray[np.int32]
    occurred_from: npt.NDArray[np.datetime64]
    occurred_to: npt.NDArray[np.datetime64]
    people: Whole

    def __len__(self) -> int:
        return len(self.point)

    def where(self, chosen: Flags) -> "Rows":
        return Rows(*(getattr(self, one.name)[chosen] for one in fields(Rows)))

    @classmethod
    def joined(cls, parts: Sequence["Rows"]) -> "Rows":
        return cls(*(np.concatenate([getattr(part, one.name) for part in parts]) for one in fields(cls)))

    @classmethod
    def none(cls) -> "Rows":
        word, day = np.zeros(0, dtype=np.int32), np.zeros(0, dtype="datetime64[D]")
        whole, byte = word.astype(np.int64), word.astype(np.int8)
        ids = np.zeros((0, 2), dtype=np.uint64)
        return cls(ids, whole, word, byte, byte, byte, word.astype(np.int16), word, day, day, whole)


@dataclass(frozen=True, slots=True)
class Columns:
    """The copy as of a change. Never altered: what changes makes another one.

    `longitude` and `latitude` (WGS 84 degrees; NaN where there is no place) are those of the points by
    number; `by_theme` counts the incidents by point and theme.
    """

    mark: Mark
    rows: Rows
    words: Dictionaries
    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    by_theme: Whole

    @classmethod
    def of(cls, mark: Mark, rows: Rows, words: Dictionaries) -> "Columns":
        points = list(words.points.words)
        return cls(
            mark=mark,
            rows=rows,
            words=words,
            longitude=np.array([point[0] for point in points], dtype=np.float64),
            latitude=np.array([point[1] for point in points], dtype=np.float64),
            by_theme=theme_counts(rows.point, rows.theme, len(points), len(words.themes.words)),
        )


def theme_counts(point: Whole, theme: npt.NDArray[np.int8], points: int, themes: int) -> Whole:
    """How many rows there are by point and theme."""
    counted = np.bincount(point * themes + theme, minlength=points * themes)
    return counted.reshape(points, themes)
