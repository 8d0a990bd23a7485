"""The neutral form of somebody else's file: numbered rows of values, with a geometry where it has one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyproj import CRS
from shapely.geometry.base import BaseGeometry


class ImportRefused(Exception):
    """A file that cannot be imported as a whole; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row. `number` is the one that a spreadsheet shows, or the feature's place in the file, from 1.

    `geometry` is in the coordinates of the file and may be broken; None where there is none. `fault` is what
    was mended in reading it.
    """

    number: int
    values: dict[str, Any]
    geometry: BaseGeometry | None = None
    is_unreadable: bool = False
    fault: str = ""


class Rows:
    """The rows of a file, read anew each time: it can be larger than the memory."""

    def __init__(self, read: Callable[[], Iterable[SourceRow]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[SourceRow]:
        return iter(self._read())


@dataclass(frozen=True, slots=True)
class SourceTable:
    """All rows of one file or layer. `crs` is None where the file does not say, `count` where nobody counted.

    `is_map` is whether the file is of a kind that usually says its coordinate system.
    """

    columns: tuple[str, ...]
    rows: Iterable[SourceRow]
    crs: CRS | None = None
    has_geometry: bool = False
    is_map: bool = False
    count: int | None = None


def cell_text(value: Any) -> str:
    """A cell as clean text: one line, no control characters, "" for empty cells and their many spellings."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return "" if text.casefold() in _EMPTY else text


_EMPTY = frozenset({"null", "none", "nan", "nat", "n/a", "#n/a", "-", "--", "<null>", "(null)"})
