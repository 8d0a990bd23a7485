"""Small counts that could point at a person: hidden so that no subtraction brings them back.

Two methods, both of statistical disclosure control (Hundepool et al., Statistical Disclosure Control,
Wiley 2012, chapters 4 and 5), for two kinds of figures:

- **A table that is printed once with its totals** (`suppress_row`, `suppress_table`): primary suppression
  hides every count from 1 to 4; complementary suppression hides more, until nobody who subtracts the shown
  cells from the totals can narrow a hidden one to fewer than five values. That is audited, not assumed:
  the lowest and highest value that each hidden cell can have are computed by linear programming.
- **Figures that can be asked for again and again**, by filter, by total, and after every publication
  (`shown_count`): suppression by table can't hold there, since two answers can be subtracted. Each count of
  a fixed, disjoint base cell is rounded down to a multiple of five, once, and every total or
  filter is a sum of these rounded base cells and never of the true ones. Whatever is subtracted, only
  multiples of five come out.

Pure functions: no database, no clock.
"""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from scipy.optimize import linprog

MINIMUM = 5
Cell = tuple[str, str]
Key = TypeVar("Key")


def shown_count(count: int, minimum: int = MINIMUM) -> int:
    """A count of a base cell as it may be shown and added up: rounded down to a multiple of `minimum`."""
    return count - count % minimum


def shown_sum(base_counts: Mapping[Key, int], minimum: int = MINIMUM) -> int:
    """The total of several base cells that may be shown: the sum of the rounded ones."""
    return sum(shown_count(count, minimum) for count in base_counts.values())


def suppress_row(counts: Mapping[str, int], minimum: int = MINIMUM) -> dict[str, int | None]:
    """Counts whose total is shown too; None for those that have to be hidden."""
    hidden = suppress_table({("", key): count for key, count in counts.items()}, minimum)
    return {key: hidden["", key] for key in counts}


def suppress_table(cells: Mapping[Cell, int], minimum: int = MINIMUM) -> dict[Cell, int | None]:
    """A table (row, column) -> count whose row and column totals are shown; None for what has to be hidden.

    A cell that is missing counts as nought and is never hidden; a nought that is given can be.
    With one row only, that row's total is the total. Where no set of hidden cells protects, all of
    the line is hidden: then its total must not be printed either (`hides_total`).
    """
    hidden = {cell for cell, count in cells.items() if 0 < count < minimum}
    while exposed := _exposed(cells, hidden, minimum):
        more = {found for cell in exposed if (found := _smallest_beside(cells, cell, hidden)) is not None}
        if not more:
            break
        hidden |= more
    return {cell: None if cell in hidden else count for cell, count in cells.items()}


def hides_total(counts: Mapping[str, int], minimum: int = MINIMUM) -> bool:
    """Whether the total of a row has to stay unsaid: all of it together is a small count."""
    return 0 < sum(counts.values()) < minimum


def attainable(cells: Mapping[Cell, int], hidden: set[Cell]) -> dict[Cell, tuple[int, int]]:
    """The lowest and highest value of each hidden cell for someone who knows all other cells and all
    totals."""
    order = sorted(hidden)
    if not order:
        return {}
    is_table = len({row for row, _column in cells}) > 1
    lines: dict[tuple[int, str], list[int]] = {}
    for index, (row, column) in enumerate(order):
        lines.setdefault((0, row), []).append(index)
        if is_table:
            lines.setdefault((1, column), []).append(index)
    matrix = np.zeros((len(lines), len(order)))
    totals = np.zeros(len(lines))
    for number, members in enumerate(lines.values()):
        matrix[number, members] = 1
        totals[number] = sum(cells[order[index]] for index in members)
    found = {}
    for index, cell in enumerate(order):
        aim = np.zeros(len(order))
        aim[index] = 1
        ends = [linprog(sign * aim, A_eq=matrix, b_eq=totals, method="highs").fun for sign in (1, -1)]
        found[cell] = (round(ends[0]), round(-ends[1]))
    return found


def _exposed(cells: Mapping[Cell, int], hidden: set[Cell], minimum: int) -> list[Cell]:
    return [
        cell
        for cell, (lowest, highest) in attainable(cells, hidden).items()
        if highest - lowest < minimum and 0 < cells[cell] < minimum
    ]


def _smallest_beside(cells: Mapping[Cell, int], exposed: Cell, hidden: set[Cell]) -> Cell | None:
    """The smallest cell still shown in the exposed one's row, else its column, else across from it."""
    row, column = exposed
    beside = [cell for cell in cells if cell not in hidden and (cell[0] == row or cell[1] == column)]
    lines = {row for row, _ in hidden}, {column for _, column in hidden}
    across = [cell for cell in cells if cell not in hidden and (cell[0] in lines[0] or cell[1] in lines[1])]
    return min(beside or across, key=lambda cell: (cells[cell] == 0, cells[cell], cell), default=None)
