"""Colours and shapes of print maps: Okabe-Ito (2008) for themes, one ramp for shades, right in grey."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from impact.vocabulary import AreaKind, Theme

INK, SOFT, PAPER = "#1b1f24", "#545b64", "#ffffff"
WATER = "#edf3f6"
THEME_MARKS: dict[str, tuple[str, str]] = {
    Theme.VIOLENCE: ("o", "#D55E00"),
    Theme.LABOUR: ("s", "#0072B2"),
    Theme.ENVIRONMENT: ("^", "#009E73"),
    Theme.CONFLICT_FINANCE: ("D", "#CC79A7"),
    Theme.OTHER: ("P", "#767676"),
}
AREA_STYLES: dict[str, dict[str, Any]] = {
    AreaKind.ARTISANAL: {"facecolor": "#f6e2a8", "edgecolor": "#9a6d00", "hatch": "////"},
    AreaKind.INDUSTRIAL: {"facecolor": "#56636f", "edgecolor": "#2d3640"},
    AreaKind.MIXED: {"facecolor": "#d9b650", "edgecolor": "#2d3640", "hatch": "xxxx"},
    AreaKind.UNKNOWN: {"facecolor": "#ffffff", "edgecolor": "#767676"},
}
# Fill, edge and opacity of the fill, as the map on the web draws an outline.
AREA_OUTLINES: dict[str, tuple[str, str, float]] = {
    AreaKind.ARTISANAL: ("#e0a100", "#9a6d00", 0.25),
    AreaKind.INDUSTRIAL: ("#56636f", "#3c4753", 0.85),
    AreaKind.MIXED: ("#e0a100", "#3c4753", 0.6),
    AreaKind.UNKNOWN: ("#ffffff", "#767676", 0.3),
}
# Where shade means a count, the kind of an area is its shape.
AREA_MARKS: dict[str, str] = {
    AreaKind.ARTISANAL: "o",
    AreaKind.INDUSTRIAL: "s",
    AreaKind.MIXED: "D",
    AreaKind.UNKNOWN: "v",
}
RAMP = ("#d6e4ec", "#a3c3d6", "#6b9cba", "#3a7197", "#16344d")
NONE = {"facecolor": "#ffffff", "edgecolor": "#8a857a", "hatch": "....."}
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000)


def class_starts(counts: Sequence[int]) -> tuple[int, ...]:
    """Where each shade begins: at most five round numbers from 1."""
    most = max(counts, default=1)
    starts = [step for step in _STEPS if step <= most]
    if len(starts) <= len(RAMP):
        return tuple(starts)
    every = (len(starts) - 1) / (len(RAMP) - 1)
    return tuple(starts[round(index * every)] for index in range(len(RAMP)))


def shade(count: int, starts: Sequence[int]) -> str:
    """The ramp's colour of a count of one or more; few classes are spread over the whole ramp."""
    index = bisect_right(starts, count) - 1
    return RAMP[round(index * (len(RAMP) - 1) / max(len(starts) - 1, 1))]


def class_labels(starts: Sequence[int]) -> list[str]:
    """ "1", "2–4", "5 +": the counts that each shade stands for."""
    ends = [*(start - 1 for start in starts[1:]), None]
    return [
        f"{start} +"
        if end is None and len(starts) > 1
        else f"{start}"
        if end in {start, None}
        else f"{start}–{end}"
        for start, end in zip(starts, ends, strict=True)
    ]
