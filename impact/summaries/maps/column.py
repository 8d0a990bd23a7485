"""A column of text and small drawings on a sheet, written from the top down, measured in inches."""

from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

from impact.summaries.maps.incidents import SymbolScale, draw_symbols
from impact.summaries.maps.palette import INK
from impact.summaries.maps.passages import Kind, Passage
from impact.summaries.typography import hard_spaces


@lru_cache(maxsize=20_000)
def width_em(text: str, weight: str = "normal") -> float:
    """How wide a line is set in the fount of the sheet, in ems."""
    fount = FontProperties(family="DejaVu Sans", weight=weight, size=100)
    return float(text_to_path.get_text_width_height_descent(text, fount, ismath=False)[0] / 100)


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
        self.passages: list[Passage] = []
        self.axes.set_xlim(0, self.width)
        self.axes.set_ylim(0, self.height)
        self.axes.axis("off")
        self.scale, self.y = scale, self.height

    def write(
        self,
        text: str,
        size: float = 6.5,
        *,
        weight: str = "normal",
        colour: str = INK,
        kind: Kind = "paragraph",
    ) -> None:
        """A paragraph, wrapped to the column."""
        size *= self.scale
        lines = []
        for line in self.wrapped(text, size, self.width, weight=weight):
            self.y -= size * 1.35 / 72
            lines.append(
                self.axes.text(0, self.y, line, fontsize=size, fontweight=weight, color=colour, va="baseline")
            )
        self.passages.append(Passage(kind, tuple(lines)))

    @staticmethod
    def wrapped(text: str, size: float, width: float, *, weight: str = "normal") -> list[str]:
        """Lines of a text that fit into `width` inches at `size` points."""
        room = width * 72 / size
        lines, line = [], ""
        for word in hard_spaces(text).split(" "):
            longer = f"{line} {word}" if line else word
            if width_em(longer, weight) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while width_em(line, weight) > room:  # a word that no line holds
                least = next(
                    end for end in range(len(line), 0, -1) if end == 1 or width_em(line[:end], weight) <= room
                )
                lines.append(line[:least])
                line = line[least:]
        return [*lines, line] if line else lines

    def head(self, text: str) -> None:
        if self.y < self.height:
            self.gap(0.1)
        self.write(text, 7.5, weight="bold", kind="heading")
        self.gap(0.03)

    def gap(self, inches: float) -> None:
        self.y -= inches * self.scale

    def symbol_row(self, theme: str, label: str, count: int) -> None:
        """A theme's mark, its name, and how many there are."""
        self.y -= 0.17 * self.scale
        draw_symbols(self.axes, [0.09 * self.scale], [self.y + 0.03 * self.scale], theme, 34 * self.scale)
        self._label(label, number_format(count, force_grouping=True))

    def box_row(self, label: str, count: str = "", **style: Any) -> None:
        """A small box in a style of matplotlib's, its label, and perhaps a count."""
        self.y -= 0.17 * self.scale
        box = Rectangle((0.02, self.y - 0.02), 0.15 * self.scale, 0.1 * self.scale, linewidth=0.5, **style)
        self.axes.add_patch(box)
        self._label(label, count)

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

    def _label(self, label: str, count: str = "") -> None:
        style: Any = {"fontsize": 7 * self.scale, "color": INK}
        written = [self.axes.text(0.24 * self.scale, self.y, label, **style)]
        if count:
            written.append(self.axes.text(self.width, self.y, count, ha="right", **style))
        self.passages.append(Passage("item", tuple(written)))

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
