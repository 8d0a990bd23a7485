"""What is public as columns of numbers: to count a million incidents in some ten milliseconds, by any filter.

About 70 bytes an incident. Each point, and each set of producing areas, is held once: points are the centres
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
Grid = tuple[Whole, int]
NEVER = 2**30
_PAIRS = np.zeros((0, 2), dtype=np.int64)
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

    Words are numbers of the dictionaries; `ids` are in two halves; `harms` has a bit for each; days are
    counted from 1970, and the first is NEVER and the last -NEVER where they are not known; `people` are all
    whom the incident counts.
    """

    ids: npt.NDArray[np.uint64]
    point: Whole
    links: Whole
    theme: npt.NDArray[np.int8]
    perpetrator: npt.NDArray[np.int8]
    verification: npt.NDArray[np.int8]
    country: npt.NDArray[np.int16]
    harms: npt.NDArray[np.int32]
    occurred_from: npt.NDArray[np.int32]
    occurred_to: npt.NDArray[np.int32]
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
        word, ids = np.zeros(0, dtype=np.int32), np.zeros((0, 2), dtype=np.uint64)
        byte, short, whole = word.astype(np.int8), word.astype(np.int16), word.astype(np.int64)
        return cls(ids, whole, whole, byte, byte, byte, short, word, word, word, whole)


@dataclass(frozen=True, slots=True)
class Points:
    """What the numbers of points and of sets of areas stand for, in columns.

    By point: longitude and latitude in WGS 84 degrees, NaN where there is no place, and the H3 cell, 0 where
    there is none. By set: the nearest area, 0 for none. `linked` has every pair of set and area.
    """

    longitude: npt.NDArray[np.float64]
    latitude: npt.NDArray[np.float64]
    cell: npt.NDArray[np.uint64]
    nearest: Whole
    linked: Whole
    grids: dict[float, Grid] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, words: Dictionaries, before: "Points | None" = None) -> "Points":
        """Of all that the dictionaries have; `before` has the first of them."""
        before = before or _NO_POINTS
        points = words.points.words[len(before.longitude) :]
        sets = list(enumerate(words.links.words))[len(before.nearest) :]
        if not points and not sets:
            return before
        pairs = np.array(
            [(number, area) for number, one in sets for _rank, area in one] or _PAIRS, dtype="i8"
        )
        return cls(
            longitude=np.append(before.longitude, np.array([point[0] for point in points], dtype="f8")),
            latitude=np.append(before.latitude, np.array([point[1] for point in points], dtype="f8")),
            cell=np.append(before.cell, np.array([int(point[2] or "0", 16) for point in points], dtype="u8")),
            nearest=np.append(before.nearest, np.array([_nearest(one) for _n, one in sets], dtype="i8")),
            linked=np.concatenate((before.linked, pairs)),
        )

    def grid(self, size: float) -> Grid:
        """Which square of a fixed grid (`size` in degrees, from the corner of 0, 0) each point is in: the
        number of the square, in order of column and row, and how many there are."""
        if size not in self.grids:
            column, row = np.floor(self.longitude / size), np.floor(self.latitude / size)
            known = np.flatnonzero(~np.isnan(column + row))
            square = column[known].astype(np.int64) * 2**32 + row[known].astype(np.int64)
            found, number = np.unique(square, return_inverse=True)
            squares = np.zeros(len(column), dtype=np.int64)
            squares[known] = number
            self.grids[size] = squares, len(found)
        return self.grids[size]


_NOTHING = np.zeros(0)
_NO_POINTS = Points(
    _NOTHING,
    _NOTHING,
    _NOTHING.astype(np.uint64),
    _NOTHING.astype(np.int64),
    _PAIRS,
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The copy as of a change. Never altered: what changes makes another one.

    `slot` is the number of theme and point together; `by_theme` counts the incidents by theme and point.
    """

    mark: Mark
    rows: Rows
    words: Dictionaries
    points: Points
    slot: npt.NDArray[np.int32]
    by_theme: Whole

    @classmethod
    def of(cls, mark: Mark, rows: Rows, words: Dictionaries, before: Points | None = None) -> "Columns":
        points = Points.of(words, before)
        shape = len(words.themes.words), len(points.longitude)
        slot = (rows.theme * np.int64(shape[1]) + rows.point).astype(np.int32)
        return cls(mark, rows, words, points, slot, _counted(slot, shape))

    def count(self, chosen: Flags) -> Whole:
        """How many of the chosen rows there are by theme and point."""
        themes, points = self.by_theme.shape
        return _counted(np.compress(chosen, self.slot), (themes, points))


def _counted(slot: npt.NDArray[np.int32], shape: tuple[int, int]) -> Whole:
    return np.bincount(slot, minlength=shape[0] * shape[1]).reshape(shape)


def _nearest(links: Links) -> int:
    return next((area for rank, area in links if rank == 0), 0)
