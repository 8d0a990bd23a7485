"""What a map says of itself: legend with counts, what is not shown, how to read it, sources, where it is."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import geopandas
import shapely
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from matplotlib.patches import Rectangle

from impact.formats.days import day_words
from impact.places.basemap import countries_geojson
from impact.places.nearness.reach_words import reach_words
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.publication.snapshots.taking import retracted_count
from impact.publication.surroundings import Surroundings
from impact.summaries.maps.column import Column
from impact.summaries.maps.framing import Framing
from impact.summaries.maps.imprint import write_imprint
from impact.summaries.maps.incidents import BINS, SymbolScale
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.palette import (
    AREA_MARKS,
    AREA_STYLES,
    INK,
    NONE,
    SOFT,
    class_labels,
    shade,
)
from impact.summaries.numbers import rounded
from impact.vocabulary import AreaKind, Theme

_LOCATOR_UNDER_M = 6_000_000.0
_TYPE_SHARES = (1.3, 1.22, 1.15, 1.1, 1.05, 1.0, 0.95, 0.9, 0.86, 0.82, 0.78, 0.74)
_READABLE = 0.86  # no locator makes the type smaller than that
_LEAST_LOCATOR = 0.7  # inches
_FULLEST = 5  # producing areas that the words about a map name
_LOCATOR = shapely.box(-85, -40, 60, 38)
_KINDS = (AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED)


@dataclass(frozen=True, slots=True)
class Story:
    """All that the marginalia tell of. `starts`: where each shade begins; `in_frames`: incidents drawn."""

    snapshot: Snapshot
    surroundings: Surroundings
    records: Sequence[PublishedRecord]
    framing: Framing
    options: MapOptions
    starts: Sequence[int]
    symbols: SymbolScale
    in_frames: int
    frame_width: float  # inches


Part = Callable[[Column, Story], None]


def write_marginalia(
    columns: Sequence[Column], fine_print: Column | None, story: Story, scale: float
) -> None:
    """Fill one column, or a band of several, in the largest type that there is room for."""
    parts = _shared_out(len(columns), has_fine_print=fine_print is not None)
    if fine_print:
        fine_print.write(" ".join([*source_lines(story), disclaimer()]), 5.5, colour=SOFT)
    with_locator = [(share, _room_for_locator(story)) for share in _TYPE_SHARES if share >= _READABLE]
    for share, room in (*with_locator, *((share, 0.0) for share in _TYPE_SHARES)):
        for column, written in zip(columns, parts, strict=True):
            column.clear(scale * share)
            for part in written:
                part(column, story)
        if columns[-1].y >= room and all(column.y >= 0 for column in columns):
            break
    draw_locator(columns[-1], story.framing)


def _room_for_locator(story: Story) -> float:
    """Inches at the foot of the last column."""
    return _LEAST_LOCATOR + 0.2 if story.framing.main.width_m <= _LOCATOR_UNDER_M else 0.0


def _shared_out(columns: int, *, has_fine_print: bool) -> list[list[Part]]:
    if has_fine_print:
        return [[_legend, _areas_legend, _counts, _reading, write_imprint_of]]
    if columns == 1:
        return [[_legend, _areas_legend, _counts, _reading, _sources, _disclaimer, write_imprint_of]]
    return [[_legend, _areas_legend], [_counts, _reading, _disclaimer], [_sources, write_imprint_of]]


def write_imprint_of(column: Column, story: Story) -> None:
    write_imprint(column, story.snapshot)


def _legend(column: Column, story: Story) -> None:
    if story.options.style == "points":
        by_theme = Counter(record["theme"] for record in story.records)
        column.head(_("Incidents by theme"))
        for theme in Theme:
            column.symbol_row(theme, str(theme.label), by_theme.get(theme, 0))
        column.size_row(story.symbols)
        column.write(
            _(
                "Area of a symbol in proportion to the count. Incidents less than %(mm)s mm apart on the "
                "sheet are drawn together."
            )
            % {"mm": rounded(story.frame_width * 25.4 / BINS, 0)},
            6,
            colour=SOFT,
        )
        if story.symbols.smallest > 1:
            column.write(
                _("The smallest symbol stands for %(count)s or fewer.")
                % {"count": number_format(story.symbols.smallest, force_grouping=True)},
                6,
                colour=SOFT,
            )
        return
    is_hexagons = story.options.style == "hexagons"
    column.head(_("Incidents in a hexagon") if is_hexagons else _("Incidents near a producing area"))
    for start, label in zip(story.starts, class_labels(story.starts), strict=True):
        column.box_row(label, facecolor=shade(start, story.starts), edgecolor=INK)
    if not is_hexagons:
        column.box_row(_("None published"), **NONE)
    column.gap(0.05)
    if is_hexagons:
        column.write(_("White: none published. That is not to say that there was no harm."), 6, colour=SOFT)
    else:
        column.write(
            _("An incident counts at every area within %(reach)s of its hexagon, so these add up to more.")
            % {"reach": reach_words()},
            6,
            colour=SOFT,
        )


def _areas_legend(column: Column, story: Story) -> None:
    column.head(_("Producing areas (approximate)"))
    for kind in _KINDS:
        if story.options.style == "points":
            column.box_row(str(kind.label), **AREA_STYLES[kind])
        elif story.options.style == "areas":
            column.mark_row(str(kind.label), AREA_MARKS[kind])
    if story.options.style == "hexagons":
        column.mark_row(_("Artisanal or industrial"), "o")


def _counts(column: Column, story: Story) -> None:
    column.head(_("What is and is not shown"))
    for line in counted_lines(story.snapshot, story.records, story.in_frames):
        column.write(line)


def _reading(column: Column, story: Story) -> None:
    column.head(_("How to read it"))
    column.write(
        _(
            "Each incident was verified or partially corroborated by a moderator. A point is the middle of a "
            "fixed hexagon, never the place itself: the true place lies within 8 km as a rule, farther where "
            "the harm is sensitive or the place less well known. Near does not mean caused by. Few reports "
            "do not mean little harm."
        )
    )


def _sources(column: Column, story: Story) -> None:
    column.head(_("Sources"))
    for line in source_lines(story):
        column.write(line)


def source_lines(story: Story) -> list[str]:
    """Where everything on the sheet is from, how it is projected, and its scale."""
    sources = _(
        "Incidents: Headlamp snapshot %(id)s. Producing areas: public sources, as of %(day)s. "
        "Names: GeoNames (CC BY 4.0). Basemap: Natural Earth."
    ) % {"id": story.snapshot.pk, "day": areas_as_of(story)}
    frozen = [] if story.surroundings.is_frozen else [areas_of_today()]
    return [sources, *frozen, story.framing.main.projection_words(), scale_words(story)]


def _disclaimer(column: Column, _story: Story) -> None:
    column.gap(0.08)
    column.write(disclaimer(), 6, colour=SOFT)


def disclaimer() -> str:
    return _(
        "The boundaries and names shown and the designations used on this map do not imply official "
        "endorsement or acceptance by the organisations that made it."
    )


def areas_as_of(story: Story) -> str:
    """The day of the latest change to a producing area, else the snapshot's own."""
    return day_words(story.surroundings.areas_changed_on or story.snapshot.created_at)


def areas_of_today() -> str:
    """What is said where a snapshot is from before the areas were frozen with it."""
    return _(
        "This snapshot is from before producing areas were frozen with it: they are shown as they are today."
    )


def scale_words(story: Story) -> str:
    """The scale at the size of the sheet, to two figures."""
    ratio = story.framing.main.width_m / (story.frame_width * 0.0254)
    digits = len(str(int(ratio))) - 2
    return _("Scale in the middle about 1:%(ratio)s at %(size)s.") % {
        "ratio": number_format(round(ratio, -digits), 0, use_l10n=True, force_grouping=True),
        "size": story.options.size.partition("-")[0].upper()
        if story.options.size.startswith("a")
        else _("full size"),
    }


def counted_lines(snapshot: Snapshot, records: Sequence[PublishedRecord], in_frames: int) -> list[str]:
    """How many are on the sheet, without a place, elsewhere in the snapshot, and withheld: they add up."""
    nowhere = sum(record["lon"] is None for record in records)
    taken_back = retracted_count(snapshot)
    elsewhere = snapshot.shown - in_frames - nowhere - taken_back
    lines = [
        ngettext("%(count)s incident shown", "%(count)s incidents shown", in_frames)
        % {"count": number_format(in_frames, force_grouping=True)},
        ngettext("%(count)s without a known place", "%(count)s without a known place", nowhere)
        % {"count": number_format(nowhere, force_grouping=True)},
    ]
    if elsewhere:
        lines.append(
            ngettext(
                "%(count)s of the snapshot not on this map",
                "%(count)s of the snapshot not on this map",
                elsewhere,
            )
            % {"count": number_format(elsewhere, force_grouping=True)}
        )
    if taken_back:
        lines.append(
            ngettext(
                "%(count)s taken back since the snapshot was made",
                "%(count)s taken back since the snapshot was made",
                taken_back,
            )
            % {"count": number_format(taken_back, force_grouping=True)}
        )
    lines.append(
        ngettext(
            "at least %(count)s verified and withheld (everywhere)",
            "at least %(count)s verified and withheld (everywhere)",
            snapshot.withheld,
        )
        % {"count": number_format(snapshot.withheld, force_grouping=True)}
    )
    return lines


def map_words(story: Story) -> str:
    """What the picture shows, for those who do not see it: how many, of what, near which areas the most."""
    if not story.records:
        return _("A map without incidents: nothing is published here.")
    by_theme = Counter(record["theme"] for record in story.records)
    themes = ", ".join(
        f"{Theme(theme).label} {number_format(count, force_grouping=True)}"
        for theme, count in by_theme.most_common()
    )
    near = Counter(area["id"] for record in story.records for area in record["areas"])
    names = {area.id: area.name for area in story.surroundings.areas}
    fullest = ", ".join(
        f"{names[area]} {number_format(count, force_grouping=True)}"
        for area, count in sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))[:_FULLEST]
        if area in names
    )
    said = [_("Map of incidents beside mines. By theme: %(themes)s.") % {"themes": themes}]
    if fullest:
        said.append(_("Named most often as near: %(areas)s.") % {"areas": fullest})
    return " ".join(said)


def draw_locator(column: Column, framing: Framing) -> None:
    """A small map of where the map is, at the foot of a column, if there is room and it tells something."""
    height = min(column.width * 0.45, column.y - 0.1)
    if height < _LEAST_LOCATOR or framing.main.width_m > _LOCATOR_UNDER_M:
        return
    sheet_width, sheet_height = column.figure.get_size_inches()
    bottom = column.bottom + column.y - 0.1 - height
    axes = column.figure.add_axes(
        (column.left / sheet_width, bottom / sheet_height, column.width / sheet_width, height / sheet_height)
    )
    land = geopandas.GeoDataFrame.from_features(countries_geojson()["features"], crs="EPSG:4326")
    clipped = shapely.simplify(shapely.clip_by_rect(land.geometry.to_numpy(), *_LOCATOR.bounds), 0.3)
    geopandas.GeoSeries(clipped).plot(ax=axes, facecolor="#e4e0d6", edgecolor="#ffffff", linewidth=0.2)
    west, south, east, north = framing.main.box
    axes.add_patch(
        Rectangle((west, south), east - west, north - south, fill=False, edgecolor=INK, linewidth=1.2)
    )
    axes.set_xlim(_LOCATOR.bounds[0], _LOCATOR.bounds[2])
    axes.set_ylim(_LOCATOR.bounds[1], _LOCATOR.bounds[3])
    axes.set_aspect("equal", anchor="W")
    axes.axis("off")
    column.y -= height + 0.1
