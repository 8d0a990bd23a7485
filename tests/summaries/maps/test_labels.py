"""Names give way: looked for in the pixels of a crowded map, kind by kind of what is drawn."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure
from matplotlib.text import Text

from impact.publication.surroundings import KnownArea, KnownPlace
from impact.summaries.maps.areas import area_counts, areas_frame, draw_areas
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.incidents import Square, SymbolScale, draw_points
from impact.summaries.maps.labels import draw_names
from impact.vocabulary import AreaKind, Theme

INCHES = 6.0
INSET = ((0.7, 0.0), (1.0, 0.3))


def crowded(seed: int, *, near: int = 60, towns: Sequence[KnownPlace] = ()) -> Figure:
    """Incidents, areas and towns that lie on one another, with their names, in the east of the Congo."""
    chance = Random(seed)
    extent = Extent((22.0, -9.0, 32.0, 1.0), 1.0)
    figure = Figure(figsize=(INCHES, INCHES), dpi=100, facecolor="#ffffff")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    left, bottom, right, top = extent.window
    axes.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[])
    axes.set_aspect("equal")
    spots = [(chance.uniform(22.5, 31.5), chance.uniform(-8.5, 0.5)) for _ in range(near)]

    def beside(spot: tuple[float, float]) -> tuple[float, float]:
        return spot[0] + chance.uniform(-0.2, 0.2), spot[1] + chance.uniform(-0.2, 0.2)

    kinds = [AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED]
    areas = areas_frame(
        [
            KnownArea(number, f"Area {number}", kinds[number % 3], (), False, shapely.Point(beside(spot)).wkb)
            for number, spot in enumerate(spots[:30])
        ]
    )
    unit_m = extent.width_m / (INCHES * 72)
    draw_areas(axes, areas, extent, unit_m)
    drawn = [
        Square(*extent.project(*beside(spot)), Counter({chance.choice(list(Theme)): chance.randint(1, 12)}))
        for spot in spots[:40]
    ]
    draw_points(axes, drawn, unit_m, SymbolScale())
    axes.set(xlim=(left, right), ylim=(bottom, top))
    towns = towns or [KnownPlace(f"Town {number}", "CD", *beside(spot)) for number, spot in enumerate(spots)]
    named = area_counts(areas, extent, Counter(range(30)))
    draw_names(axes, extent, 1.0, named, towns, most_towns=16, taken=[INSET])
    return figure


def names_of(figure: Figure) -> list[Text]:
    return [text for text in figure.axes[0].texts if not text.get_path_effects()]


def ink(figure: Figure, is_shown: Callable[[Any], bool]) -> Any:
    """Where there is anything of what is shown, all else out of sight."""
    axes = figure.axes[0]
    for artist in axes.get_children():
        artist.set_visible(is_shown(artist))
    axes.patch.set_visible(False)
    figure.canvas.draw()
    picture = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
    return (picture[..., :3] < 250).any(axis=2)


@pytest.mark.parametrize("seed", range(4))
def test_no_name_has_a_pixel_of_a_symbol_or_of_a_producing_area(seed: int) -> None:
    figure = crowded(seed)
    names = names_of(figure)
    assert len(names) >= 15
    symbols = ink(figure, lambda artist: isinstance(artist, Collection) and artist.get_zorder() != 5)
    words = ink(figure, lambda artist: artist in names)
    assert symbols.any()
    assert words.any()
    assert not (symbols & words).any()


@pytest.mark.parametrize("seed", range(4))
def test_no_name_covers_another_or_the_dot_of_a_town(seed: int) -> None:
    figure = crowded(seed)
    boxes = [text.get_window_extent() for text in names_of(figure)]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    dots = ink(figure, lambda artist: isinstance(artist, PathCollection) and artist.get_zorder() == 5)
    words = ink(figure, lambda artist: artist in names_of(figure))
    assert dots.any()
    assert not (dots & words).any()


def test_a_town_whose_dot_would_lie_on_the_name_of_a_larger_one_is_left_out() -> None:
    larger = KnownPlace("Larger Town", "CD", 25.0, -6.0)
    said = {
        number: {text.get_text() for text in names_of(crowded(3, near=4, towns=[larger, smaller]))}
        for number, smaller in enumerate(
            [KnownPlace("Smaller", "CD", 25.6, -6.0), KnownPlace("Smaller", "CD", 25.6, -7.0)]
        )
    }
    assert "Smaller" not in said[0]
    assert {"Larger Town", "Smaller"} <= said[1]
    assert "Larger Town" in said[0]


def test_no_name_stands_where_an_inset_will() -> None:
    figure = crowded(0)
    words = ink(figure, lambda artist: isinstance(artist, Text))
    high, wide = words.shape
    assert not words[int(high * 0.7) :, int(wide * 0.7) :].any()


def test_a_map_with_room_names_its_towns_and_areas() -> None:
    said = {text.get_text() for text in names_of(crowded(0, near=6))}
    assert {f"Area {number}" for number in range(6)} <= said


def test_the_same_map_has_the_same_names_at_the_same_places() -> None:
    one, other = ([(text.get_text(), text.get_position()) for text in names_of(crowded(1))] for _ in range(2))
    assert one == other
