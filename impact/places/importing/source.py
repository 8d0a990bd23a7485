"""The neutral form of somebody else's file: numbered rows of values, with a geometry where it has one."""

from dataclasses import dataclass
from typing import Any

from pyproj import CRS
from shapely.geometry.base import BaseGeometry


class ImportRefused(Exception):
    """A file that cannot be imported as a whole; the message says why, in one line."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row. `number` is the one that a spreadsheet shows, or the feature's place in the file, from 1.

    `geometry` is in the coordinates of the file and may be broken; None where there is none.
    """

    number: int
    values: dict[str, Any]
    geometry: BaseGeometry | None = None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class SourceTable:
    """All rows of one file or layer. `crs` is None where the file does not say."""

    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    crs: CRS | None = None
    has_geometry: bool = False


def cell_text(value: Any) -> str:
    """A cell as clean text: one line, no control characters, "" for empty cells and their many spellings."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    return "" if text.casefold() in _EMPTY else text


_EMPTY = frozenset({"null", "none", "nan", "nat", "n/a", "#n/a", "-", "--", "<null>", "(null)"})
