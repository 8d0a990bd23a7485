"""Which of many places can be in reach of which points: a table of cells over the whole earth.

Rows of cells run along the parallels, as high as the longest reach. Each is cut into as many cells as are
as wide as the reach where the row and its neighbours are nearest to a pole; around a pole a row is one
cell. So what reaches a point lies in the point's cell or in the eight around it. Before its first cell a
row has a copy of its last, and behind its last a copy of its first: the antimeridian is nothing special.
"""

import numpy as np

from impact.places.nearness.geodesics import WGS84, Floats, Integers, Places

SHORTEST_DEGREE_M = 110_500.0  # of latitude, at the equator: errs towards a row too high
_WORTH_A_TABLE = 200_000  # pairs of a point and a place: so many can be looked at one by one
_LOWEST_ROW_M = 20_000.0  # no more than 700,000 cells


class ReachGrid:
    """Places, each with its reach, prepared for finding those that reach a point."""

    def __init__(self, places: Places, reach_m: Floats) -> None:
        self._places = places
        self._reach_m = reach_m
        self._has_cells = False
        self._put(np.arange(len(places)))

    def pairs(self, points: Places) -> tuple[Integers, Integers, Floats]:
        """Points and places that can reach them, in the order of the points: both numbers, straight line.

        The straight line, through the ground, is never longer than the geodesic; where it is as long as the
        place reaches or shorter, the pair is found. Each pair once.
        """
        if not self._has_cells and len(points) * len(self._number) > _WORTH_A_TABLE:
            self._lay_out(max(float(self._reach_m.max()), _LOWEST_ROW_M))
            self._fill(self._places)
            self._has_cells = True
        starts, counts = self._ranges(points)
        each = counts.sum(axis=1)
        starts, counts = starts.ravel(), counts.ravel()
        ends = np.cumsum(counts)
        at = np.arange(each.sum()) + np.repeat(starts - (ends - counts), counts)
        chord_2 = np.zeros(len(at))
        for axis, own in ((self._x, points.x), (self._y, points.y), (self._z, points.z)):
            away = axis[at]
            away -= np.repeat(own, each)
            away *= away
            chord_2 += away
        near = np.flatnonzero(chord_2 <= self._reach_2[at])
        return np.repeat(np.arange(len(points)), each)[near], self._number[at[near]], np.sqrt(chord_2[near])

    def _lay_out(self, reach_m: float) -> None:
        self._row_degrees = reach_m / SHORTEST_DEGREE_M
        rows = int(np.ceil(180.0 / self._row_degrees))
        # Of the edges of a row and of both its neighbours, the one nearest to a pole.
        edges = np.minimum(np.abs(np.arange(-1, rows + 2) * self._row_degrees - 90.0), 90.0)
        farthest = np.maximum(edges[:-3], edges[3:])
        # A chord is at least 2 a cos(latitude) sin(half the difference of longitude).
        ratio = reach_m / (2.0 * WGS84.a * np.maximum(np.cos(np.radians(farthest)), 1e-9))
        cells = np.floor(np.pi / np.arcsin(np.minimum(ratio, 1.0)))
        # A row with nothing in it below the first and above the last; two cells more in each for the copies.
        self._cells = np.pad(np.where(cells < 4, 1, cells).astype(np.int64), 1, constant_values=1)
        self._first = np.append(0, np.cumsum(self._cells + 2))

    def _fill(self, places: Places) -> None:
        """Put the places in the order of their cells, with the copies."""
        row = self._row(places)
        cells, column = self._cells[row], self._column(places, row)
        cell = self._first[row] + column + 1
        last = np.flatnonzero((column == cells - 1) & (cells > 1))
        first = np.flatnonzero((column == 0) & (cells > 1))
        cell = np.concatenate((cell, cell[last] - cells[last], cell[first] + cells[first]))
        order = np.argsort(cell, kind="stable")
        self._put(np.concatenate((self._number, last, first))[order])
        self._starts = np.append(0, np.cumsum(np.bincount(cell, minlength=self._first[-1])))

    def _put(self, number: Integers) -> None:
        """Keep the places in the order of these numbers, in which some may come again."""
        self._number = number
        self._x, self._y, self._z = (
            axis[number] for axis in (self._places.x, self._places.y, self._places.z)
        )
        self._reach_2 = self._reach_m[number] ** 2

    def _row(self, places: Places) -> Integers:
        row = ((places.latitude + 90.0) / self._row_degrees).astype(np.int64) + 1
        return np.minimum(row, len(self._cells) - 2)

    def _column(self, places: Places, row: Integers) -> Integers:
        """The column of each place, were it in this row; of several rows where they come as a table."""
        turn = (places.longitude / 360.0 + 0.5) % 1.0
        cells = self._cells[row]
        return np.minimum((turn.reshape(-1, *[1] * (row.ndim - 1)) * cells).astype(np.int64), cells - 1)

    def _ranges(self, points: Places) -> tuple[Integers, Integers]:
        """Where the places around each point begin, and how many they are, in each of three rows."""
        if not self._has_cells:
            shape = len(points), 1
            return np.zeros(shape, dtype=np.int64), np.full(shape, len(self._number))
        rows = self._row(points)[:, None] + np.array([-1, 0, 1])
        left = self._first[rows] + self._column(points, rows)
        starts = self._starts[left]
        return starts, self._starts[left + 3] - starts
