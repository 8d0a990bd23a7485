"""A whole sheet: head, frame, insets, marginalia, foot. The same snapshot and options give the same bytes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from threading import Lock
from typing import Any, cast

import geopandas
import matplotlib as mpl
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.publication.snapshots.taking import each_record
from impact.publication.surroundings import KnownPlace, Surroundings
from impact.summaries.at_rest import collector_at_rest
from impact.summaries.maps.areas import (
    area_counts,
    areas_frame,
    draw_areas,
    draw_outlined_areas,
    draw_shaded_areas,
    incidents_near,
)
from impact.summaries.maps.basemap import draw_basemap, draw_graticule
from impact.summaries.maps.column import Column
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.framing import Framing, map_framing
from impact.summaries.maps.imprint import foot_line
from impact.summaries.maps.incidents import (
    BINS,
    INSET_BINS,
    Square,
    SymbolScale,
    draw_hexagons,
    draw_points,
    hexagon_counts,
    spots_frame,
    squares,
    symbol_scale,
)
from impact.summaries.maps.insets import ARROWS, BARS, Place, freest, inset_places
from impact.summaries.maps.labels import draw_names
from impact.summaries.maps.marginalia import Story, map_words, write_marginalia
from impact.summaries.maps.options import MapOptions, Sheet
from impact.summaries.maps.palette import SOFT, class_starts
from impact.summaries.maps.passages import Passage
from impact.summaries.maps.saving import Drawn, save
from impact.summaries.maps.scale_bar import draw_north_arrow, draw_scale_bar
from impact.summaries.maps.titles import map_title, write_head

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "svg.fonttype": "path",
    "svg.hashsalt": "headlamp",
    "hatch.linewidth": 0.4,
    "path.simplify_threshold": 0.2,
}
_ONE_AT_A_TIME = Lock()  # matplotlib's settings are one for the whole process
_MARGIN, _GUTTER = 0.35, 0.2
_BAND_COLUMNS = 3
_FRAME_TOWNS, _INSET_TOWNS = 16, 4
_NEEDED = ("theme", "country", "occurred_from", "occurred_to", "lon", "lat")


class _Canvas(FigureCanvasAgg):
    """geopandas asks for a redraw after every layer. Nobody watches, and each would take half a second."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What is drawn in every frame of a sheet."""

    options: MapOptions
    spots: geopandas.GeoDataFrame
    towns: Sequence[KnownPlace]
    areas: geopandas.GeoDataFrame
    near: Counter[int]
    starts: Sequence[int]
    hexagons: geopandas.GeoDataFrame | None
    squares: dict[Extent, list[Square]]
    symbols: SymbolScale


def render_map(snapshot: Snapshot, options: MapOptions) -> bytes:
    """The map of a snapshot as PDF, PNG or SVG. Reads the snapshot and what was frozen with it only."""
    with (
        collector_at_rest(),
        _ONE_AT_A_TIME,
        translation.override(options.language),
        timezone.override(UTC),
        mpl.rc_context(_STYLE),
    ):
        records = records_on_map(map(_needed, each_record(snapshot)), options)
        return save(_draw(snapshot, records, options), snapshot, options)


def render_frame(
    records: Sequence[PublishedRecord], options: MapOptions, surroundings: Surroundings | None = None
) -> bytes:
    """The frame of a map alone, as SVG: for pages that say the rest themselves.

    `surroundings`: those of the snapshot that the records are of; else as they are now.
    """
    sheet = options.sheet
    with _ONE_AT_A_TIME, translation.override(options.language), mpl.rc_context(_STYLE):
        figure = Figure(figsize=(sheet.width, sheet.height), dpi=sheet.dpi, facecolor="#ffffff")
        _Canvas(figure)
        edge = 0.16
        width, height = sheet.width - edge - 0.02, sheet.height - edge - 0.02
        framing = map_framing(records, options, width / height)
        frame = (edge / sheet.width, edge / sheet.height, width / sheet.width, height / sheet.height)
        drawing = _drawing(records, framing, options, surroundings or Surroundings(), width)
        _draw_frames(figure.add_axes(frame), framing, drawing, width, height)
        buffer = BytesIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "Headlamp"})
        return buffer.getvalue()


def _needed(record: PublishedRecord) -> PublishedRecord:
    """What a map reads of an incident: a hundred thousand are held at once, and texts are most of them."""
    slim: Any = {name: record[name] for name in _NEEDED}  # type: ignore[literal-required]
    slim["areas"] = [{"id": area["id"]} for area in record["areas"]]
    return cast(PublishedRecord, slim)


def records_on_map(records: Iterable[PublishedRecord], options: MapOptions) -> list[PublishedRecord]:
    """What a map is about: all, those of its country, or those whose point lies in its box."""
    if options.country:
        return [record for record in records if record["country"] == options.country]
    if options.bbox:
        west, south, east, north = options.bbox
        return [
            record
            for record in records
            if record["lon"] is not None
            and record["lat"] is not None
            and west <= record["lon"] <= east
            and south <= record["lat"] <= north
        ]
    return list(records)


def _draw(snapshot: Snapshot, records: Sequence[PublishedRecord], options: MapOptions) -> Drawn:
    sheet = options.sheet
    scale = sheet.type_scale
    figure = Figure(figsize=(sheet.width, sheet.height), dpi=sheet.dpi, facecolor="#ffffff")
    _Canvas(figure)
    head_room, foot = 0.95 * scale, 0.5 * scale + sheet.fine_print
    left, bottom = _MARGIN, foot + (sheet.band + _GUTTER if sheet.band else 0)
    width = sheet.width - 2 * _MARGIN - (sheet.column + _GUTTER if sheet.column else 0)
    height = sheet.height - head_room - bottom
    framing = map_framing(records, options, width / height)
    surroundings = Surroundings(snapshot)
    drawing = _drawing(records, framing, options, surroundings, width)
    axes = figure.add_axes(
        (left / sheet.width, bottom / sheet.height, width / sheet.width, height / sheet.height)
    )
    _draw_frames(axes, framing, drawing, width, height)
    if not records:
        nothing = (
            _("Nothing is published here. That is no finding that nothing happened.")
            if snapshot.shown
            else _("Nothing is published yet.")
        )
        axes.text(
            0.5,
            0.93,
            nothing,
            transform=axes.transAxes,
            ha="center",
            fontsize=11 * scale,
            zorder=9,
            bbox={"boxstyle": "square,pad=0.4", "facecolor": "#ffffff", "edgecolor": SOFT, "linewidth": 0.5},
        )
    head = write_head(figure, snapshot, records, options, _MARGIN)
    seen = set().union(*(extent.within(drawing.spots).index for extent in framing.extents))
    in_frames = int(drawing.spots.loc[sorted(seen), "count"].sum())  # once, where windows overlap
    story = Story(
        snapshot, surroundings, records, framing, options, drawing.starts, drawing.symbols, in_frames, width
    )
    columns = _columns(figure, sheet, foot, left + width, bottom, height)
    fine_print = _fine_print(figure, sheet)
    write_marginalia(columns, fine_print, story, scale)
    line = figure.text(
        _MARGIN / sheet.width,
        0.2 * scale / sheet.height,
        foot_line(snapshot, options),
        fontsize=5.5 * scale,
        color=SOFT,
    )
    room = (1 - 2 * _MARGIN / sheet.width) * figure.bbox.width
    line.set_fontsize(5.5 * scale * min(1.0, room / line.get_window_extent().width))
    marginalia = [*columns, fine_print] if fine_print else columns
    body = [passage for column in marginalia for passage in column.passages]
    return Drawn(
        figure, head, [*body, Passage("paragraph", (line,))], map_title(records, options), map_words(story)
    )


def _drawing(
    records: Sequence[PublishedRecord],
    framing: Framing,
    options: MapOptions,
    surroundings: Surroundings,
    width: float,
) -> _Drawing:
    """All that is drawn, in a frame `width` inches wide."""
    spots, near = spots_frame(records), incidents_near(records)
    areas = areas_frame([area for area in surroundings.areas if near[area.id] or not area.is_retired])
    hexagons = hexagon_counts(spots, framing.main) if options.style == "hexagons" else None
    counts = list(hexagons["count"]) if hexagons is not None else list(near.values())
    towns = sorted(surroundings.places, key=lambda place: place.country != options.country)
    drawn = {extent: squares(extent, spots, INSET_BINS) for extent in framing.insets}
    drawn[framing.main] = squares(framing.main, spots, BINS)
    most = max((max(one.by_theme.values()) for found in drawn.values() for one in found), default=0)
    symbols = symbol_scale(most, width * 72 / BINS)
    return _Drawing(options, spots, towns, areas, near, class_starts(counts), hexagons, drawn, symbols)


def _draw_frames(axes: Axes, framing: Framing, drawing: _Drawing, width: float, height: float) -> None:
    """The frame, `width` by `height` inches, and its insets."""
    scale = drawing.options.sheet.type_scale
    places = inset_places(framing, drawing.spots, drawing.areas, width / height)
    about = framing.main, drawing.spots, drawing.areas
    bar = BARS[0] if places else freest(BARS, *about)
    arrow = ARROWS[0] if places else freest(ARROWS, *about)
    _draw_frame(axes, framing.main, drawing, width, scale, taken=[bar, arrow, *places])
    draw_scale_bar(axes, framing.main, scale, is_right=bar != BARS[0])
    draw_graticule(axes, framing.main, scale)
    draw_north_arrow(axes, scale, is_left=arrow != ARROWS[0])
    for extent, place in zip(framing.insets, places, strict=True):
        inset = axes.inset_axes(place)
        _draw_frame(inset, extent, drawing, width * place[2], scale * 0.8)
        draw_scale_bar(inset, extent, scale * 0.8, is_inset=True)


def _draw_frame(
    axes: Axes,
    extent: Extent,
    drawing: _Drawing,
    width: float,
    scale: float,
    *,
    taken: Sequence[Place] = (),
) -> None:
    """Everything inside one frame, `width` inches wide, or inside an inset, where nothing is taken."""
    unit_m = extent.width_m / (width * 72)
    draw_basemap(axes, extent, drawing.options.country)
    left, bottom, right, top = extent.window
    axes.set(xlim=(left, right), ylim=(bottom, top), xticks=[], yticks=[], xlabel="", ylabel="")
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
        spine.set_zorder(8)
    if drawing.hexagons is not None:
        draw_hexagons(axes, drawing.hexagons, extent, drawing.starts)
        draw_outlined_areas(axes, drawing.areas, extent, unit_m)
    elif drawing.options.style == "areas":
        draw_shaded_areas(axes, drawing.areas, extent, unit_m, drawing.near, drawing.starts)
    else:
        draw_areas(axes, drawing.areas, extent, unit_m)
        draw_points(axes, drawing.squares[extent], unit_m, drawing.symbols)
    axes.set(xlim=(left, right), ylim=(bottom, top), xlabel="", ylabel="")
    named = area_counts(drawing.areas, extent, drawing.near)
    if not taken:
        draw_names(axes, extent, scale, named, drawing.towns, most_towns=_INSET_TOWNS)
        return
    corners = [((left, bottom), (left + wide, bottom + high)) for left, bottom, wide, high in taken]
    draw_names(axes, extent, scale, named, drawing.towns, most_towns=_FRAME_TOWNS, taken=corners)


def _columns(
    figure: Figure, sheet: Sheet, foot: float, right_of: float, bottom: float, height: float
) -> list[Column]:
    if sheet.column:
        return [Column(figure, right_of + _GUTTER, bottom, sheet.column, height, sheet.type_scale)]
    gutter = _GUTTER * 1.4
    width = (sheet.width - 2 * _MARGIN - gutter * (_BAND_COLUMNS - 1)) / _BAND_COLUMNS
    return [
        Column(figure, _MARGIN + index * (width + gutter), foot, width, sheet.band - 0.1, sheet.type_scale)
        for index in range(_BAND_COLUMNS)
    ]


def _fine_print(figure: Figure, sheet: Sheet) -> Column | None:
    if not sheet.fine_print:
        return None
    bottom = 0.34 * sheet.type_scale
    return Column(figure, _MARGIN, bottom, sheet.width - 2 * _MARGIN, sheet.fine_print, sheet.type_scale)
