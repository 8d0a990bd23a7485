"""A column of text and small drawings on a sheet, written from the top down, measured in inches."""

import textwrap
from typing import Any

from django.utils.formats import number_format
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from impact.summaries.maps.incidents import SymbolScale, draw_symbols
from impact.summaries.maps.palette import INK
from impact.summaries.typography import hard_spaces


class Column:
    """A part of a sheet as axes in inches; `y` is how far down it is written."""

    def __init__(
        self, figure: Figure, left: float, bottom: float, width: float, height: float, scale: float
    ) -> None:
        sheet_width, sheet_height = figure.get_size_inches()
        self.axes: Axes = figure.add_axes(
            (left / sheet_width, bottom / sheet_height, width / sheet_width, height / sheet_height)
        )
        self.figure, self.left, self.bottom, self.width, self.height = figure, left, bottom, width, height
        self.clear(scale)

    def clear(self, scale: float) -> None:
        """Begin again at the top, with type of another size."""
        self.axes.clear()
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(0, self.height)
        self.axes.axis("off")
        self.scale, self.y = scale, self.height

    def write(self, text: str, size: float = 6.5, *, weight: str = "normal", colour: str = INK) -> None:
        """A paragraph, wrapped to the column."""
        size *= self.scale
        for line in self.wrapped(text, size, self.width, weight=weight):
            self.y -= size * 1.35 / 72
            self.axes.text(0, self.y, line, fontsize=size, fontweight=weight, color=colour, va="baseline")

    @staticmethod
    def wrapped(text: str, size: float, width: float, *, weight: str = "normal") -> list[str]:
        """Lines of a text that fit into `width` inches at `size` points."""
        wide = 0.64 if weight == "bold" else 0.55  # of a letter of this fount, on average, in ems
        return textwrap.wrap(hard_spaces(text), int(width * 72 / (size * wide)), break_long_words=True)

    def head(self, text: str) -> None:
        if self.y < self.height:
            self.gap(0.1)
        self.write(text, 7.5, weight="bold")
        self.gap(0.03)

    def gap(self, inches: float) -> None:
        self.y -= inches * self.scale

    def symbol_row(self, theme: str, label: str, count: int) -> None:
        """A theme's mark, its name, and how many there are."""
        self.y -= 0.17 * self.scale
        draw_symbols(self.axes, [0.09 * self.scale], [self.y + 0.03 * self.scale], theme, 34 * self.scale)
        self._label(label)
        self.axes.text(
            self.width,
            self.y,
            number_format(count, force_grouping=True),
            fontsize=7 * self.scale,
            ha="right",
            color=INK,
        )

    def box_row(self, label: str, count: str = "", **style: Any) -> None:
        """A small box in a style of matplotlib's, its label, and perhaps a count."""
        self.y -= 0.17 * self.scale
        box = Rectangle((0.02, self.y - 0.02), 0.15 * self.scale, 0.1 * self.scale, linewidth=0.5, **style)
        self.axes.add_patch(box)
        self._label(label)
        if count:
            self.axes.text(self.width, self.y, count, fontsize=7 * self.scale, ha="right", color=INK)

    def mark_row(self, label: str, marker: str) -> None:
        """A mark without a colour of its own, and its label."""
        self.y -= 0.17 * self.scale
        self.axes.scatter(
            [0.09 * self.scale],
            [self.y + 0.03 * self.scale],
            s=34 * self.scale,
            marker=marker,
            facecolors="#ffffff",
            edgecolors=INK,
            linewidths=0.7,
        )
        self._label(label)

    def _label(self, label: str) -> None:
        self.axes.text(0.24 * self.scale, self.y, label, fontsize=7 * self.scale, color=INK)

    def size_row(self, scale: SymbolScale) -> None:
        """Symbols of some counts, side by side, as large as they are on the map."""
        counts = scale.examples
        tallest = (scale.size(max(counts)) ** 0.5) / 72
        self.y -= max(tallest, 0.2) + 0.04
        x = 0.05
        for count in counts:
            across = (scale.size(count) ** 0.5) / 72
            x += across / 2
            self.axes.scatter(
                [x],
                [self.y + tallest / 2],
                s=scale.size(count),
                facecolors="none",
                edgecolors=INK,
                linewidths=0.7,
            )
            x += across / 2 + 0.05
            self.axes.text(
                x,
                self.y + tallest / 2,
                number_format(count, force_grouping=True),
                fontsize=6.5 * self.scale,
                va="center",
                color=INK,
            )
            x += (0.2 + 0.06 * len(f"{count}")) * self.scale
