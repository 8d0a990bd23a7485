"""What a sheet says in words, in the order in which it is read: what a screen reader gets of it.

Matplotlib lays the words out; where they are written by another hand, each line says where and how.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

Kind = Literal["title", "heading", "paragraph", "item"]
_POINTS = 72.0  # in an inch


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that are one thing: a heading, a paragraph, or an item of a legend with its count."""

    kind: Kind
    lines: tuple[Text, ...]


def placed_passages(figure: Figure, passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """Passages in JSON types: each line's baseline in points from the upper left corner, its type and colour.

    Items that follow one another are one passage, a list.
    """
    placed: list[dict[str, Any]] = []
    for passage in passages:
        lines = [_placed(figure, line) for line in passage.lines]
        if passage.kind == "item":
            if not placed or placed[-1]["kind"] != "list":
                placed.append({"kind": "list", "rows": []})
            placed[-1]["rows"].append(lines)
        elif lines:
            placed.append({"kind": passage.kind, "lines": lines})
    return placed


def _placed(figure: Figure, line: Text) -> dict[str, Any]:
    x, y = line.get_transform().transform(line.get_position()) / figure.dpi
    return {
        "text": line.get_text(),
        "x": round(float(x) * _POINTS, 3),
        "y": round((float(figure.get_figheight()) - float(y)) * _POINTS, 3),
        "size": round(float(line.get_fontsize()), 3),
        "is_bold": line.get_fontweight() == "bold",
        "is_serif": "Serif" in line.get_fontfamily()[0],
        "colour": to_hex(line.get_color()),
        "is_right": line.get_horizontalalignment() == "right",
    }
