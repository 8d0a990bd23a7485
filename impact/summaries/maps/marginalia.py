"""The column beside the map: legend with counts, locator, how to read it, sources, what is not shown."""

import textwrap
from collections import Counter
from collections.abc import Sequence

import geopandas
import shapely
from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from impact.places.basemap import countries_geojson
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.summaries.maps.extent import Extent
from impact.summaries.maps.layers import AREA_STYLES, THEME_MARKS, draw_symbol, symbol_size
from impact.vocabulary import AreaKind, Theme

_INK, _SOFT = "#1b1f24", "#545b64"
_LOCATOR_UNDER_M = 6_000_000.0
_TYPE_SHARES = (1.0, 0.93, 0.87, 0.8)
_LEAST_LOCATOR = 0.6  # inches
_LOCATOR = shapely.box(-85, -40, 60, 38)


class Column:
    """A sheet-high axes in inches that is written from the top down."""

    def __init__(self, figure: Figure, left: float, bottom: float, width: float, height: float, scale: float):
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

    def write(self, text: str, size: float = 6.5, *, weight: str = "normal", colour: str = _INK) -> None:
        """A paragraph, wrapped to the column."""
        size *= self.scale
        characters = int((self.width * 72) / (size * 0.55))
        for line in textwrap.wrap(text, characters, break_long_words=True):
            self.y -= size * 1.35 / 72
            self.axes.text(0, self.y, line, fontsize=size, fontweight=weight, color=colour, va="baseline")

    def head(self, text: str) -> None:
        self.gap(0.1)
        self.write(text, 7.5, weight="bold")
        self.gap(0.03)

    def gap(self, inches: float) -> None:
        self.y -= inches * self.scale

    def symbol_row(self, theme: str, label: str, count: int) -> None:
        self.y -= 0.17 * self.scale
        draw_symbol(self.axes, 0.09 * self.scale, self.y + 0.03 * self.scale, theme, 34 * self.scale)
        self.axes.text(0.24 * self.scale, self.y, label, fontsize=7 * self.scale, color=_INK)
        self.axes.text(
            self.width, self.y, number_format(count), fontsize=7 * self.scale, ha="right", color=_INK
        )

    def area_row(self, kind: str, label: str) -> None:
        self.y -= 0.17 * self.scale
        box = Rectangle(
            (0.02, self.y - 0.02), 0.15 * self.scale, 0.1 * self.scale, linewidth=0.5, **AREA_STYLES[kind]
        )
        self.axes.add_patch(box)
        self.axes.text(0.24 * self.scale, self.y, label, fontsize=7 * self.scale, color=_INK)

    def size_row(self, counts: Sequence[int]) -> None:
        """Symbols of some counts, side by side, as large as they are on the map."""
        tallest = (symbol_size(max(counts)) ** 0.5) / 72
        self.y -= max(tallest, 0.2) + 0.04
        x = 0.05
        for count in counts:
            across = (symbol_size(count) ** 0.5) / 72
            x += across / 2
            self.axes.scatter(
                [x],
                [self.y + tallest / 2],
                s=symbol_size(count),
                facecolors="none",
                edgecolors=_INK,
                linewidths=0.7,
            )
            x += across / 2 + 0.05
            self.axes.text(
                x, self.y + tallest / 2, f"{count}", fontsize=6.5 * self.scale, va="center", color=_INK
            )
            x += 0.25 * self.scale


def write_column(
    column: Column,
    snapshot: Snapshot,
    records: Sequence[PublishedRecord],
    extent: Extent,
    bin_m: float,
    scale: float,
) -> None:
    """Everything that a sheet has to say of itself, in smaller type where a language needs more words."""
    for share in _TYPE_SHARES:
        column.clear(scale * share)
        _write_column(column, snapshot, records, extent, bin_m)
        if column.y >= 0:
            return


def _write_column(
    column: Column, snapshot: Snapshot, records: Sequence[PublishedRecord], extent: Extent, bin_m: float
) -> None:
    by_theme = Counter(record["theme"] for record in records)
    column.head(_("Incidents by theme"))
    for theme in THEME_MARKS:
        column.symbol_row(theme, str(Theme(theme).label), by_theme[theme])
    column.size_row((1, 10, 50))
    column.write(
        _(
            "Area of a symbol in proportion to the count. Incidents in one square of %(km)s km are drawn "
            "together."
        )
        % {"km": number_format(max(round(bin_m / 1000), 1))},
        6,
        colour=_SOFT,
    )
    column.head(_("Producing areas (approximate)"))
    for kind in (AreaKind.ARTISANAL, AreaKind.INDUSTRIAL, AreaKind.MIXED):
        column.area_row(kind, str(kind.label))
    column.head(_("What is and is not shown"))
    for line in counted_lines(snapshot, records, extent):
        column.write(line)
    column.head(_("How to read it"))
    column.write(
        _(
            "Each incident was verified or partially corroborated by a moderator. A point is the middle of a "
            "fixed hexagon, never the place itself: the true place lies within 8 km as a rule, farther where "
            "the harm is sensitive or the place less well known. Near does not mean caused by. Few reports "
            "do not mean little harm."
        )
    )
    column.head(_("Sources"))
    column.write(
        _(
            "Incidents: Headlamp snapshot %(id)s. Producing areas: public sources, named in the product. "
            "Names: GeoNames (CC BY 4.0). Basemap: Natural Earth."
        )
        % {"id": snapshot.pk}
    )
    longitude, latitude = extent.centre
    column.write(
        _("Projection: Lambert azimuthal equal-area, centre %(latitude)s, %(longitude)s; WGS 84.")
        % {"latitude": _degrees(latitude, "NS"), "longitude": _degrees(longitude, "EW")}
    )
    column.gap(0.08)
    column.write(
        _(
            "The boundaries and names shown and the designations used on this map do not imply official "
            "endorsement or acceptance by the organisations that made it."
        ),
        6,
        colour=_SOFT,
    )


def _degrees(value: float, signs: str) -> str:
    return f"{number_format(abs(value), 1)}° {signs[value < 0]}"


def counted_lines(snapshot: Snapshot, records: Sequence[PublishedRecord], extent: Extent) -> list[str]:
    """How many are on the sheet, without a place, elsewhere in the snapshot, and withheld: they add up."""
    placed = [record for record in records if record["lon"] is not None and record["lat"] is not None]
    inside = sum(extent.holds(*extent.project(record["lon"] or 0, record["lat"] or 0)) for record in placed)
    outside, nowhere = len(placed) - inside, len(records) - len(placed)
    lines = [
        ngettext("%(count)s incident shown", "%(count)s incidents shown", inside)
        % {"count": number_format(inside)}
    ]
    elsewhere = outside + snapshot.shown - len(records)
    lines.append(
        ngettext("%(count)s without a known place", "%(count)s without a known place", nowhere)
        % {"count": number_format(nowhere)}
    )
    if elsewhere:
        lines.append(
            ngettext(
                "%(count)s of the snapshot not on this map",
                "%(count)s of the snapshot not on this map",
                elsewhere,
            )
            % {"count": number_format(elsewhere)}
        )
    lines.append(
        ngettext(
            "%(count)s verified and withheld (everywhere)",
            "%(count)s verified and withheld (everywhere)",
            snapshot.withheld,
        )
        % {"count": number_format(snapshot.withheld)}
    )
    return lines


def draw_locator(column: Column, extent: Extent) -> None:
    """A small map of where the map is, at the foot of the column, if there is room and it tells something."""
    height = min(column.width * 0.45, column.y - 0.1)
    if height < _LEAST_LOCATOR or extent.width_m > _LOCATOR_UNDER_M:
        return
    sheet_width, sheet_height = column.figure.get_size_inches()
    bottom = column.bottom + column.y - 0.1 - height
    axes = column.figure.add_axes(
        (column.left / sheet_width, bottom / sheet_height, column.width / sheet_width, height / sheet_height)
    )
    land = geopandas.GeoDataFrame.from_features(countries_geojson()["features"], crs="EPSG:4326")
    clipped = shapely.simplify(shapely.clip_by_rect(land.geometry.to_numpy(), *_LOCATOR.bounds), 0.3)
    geopandas.GeoSeries(clipped).plot(ax=axes, facecolor="#e4e0d6", edgecolor="#ffffff", linewidth=0.2)
    west, south, east, north = extent.box
    axes.add_patch(
        Rectangle((west, south), east - west, north - south, fill=False, edgecolor="#b3261e", linewidth=1.2)
    )
    axes.set_xlim(_LOCATOR.bounds[0], _LOCATOR.bounds[2])
    axes.set_ylim(_LOCATOR.bounds[1], _LOCATOR.bounds[3])
    axes.set_aspect("equal", anchor="W")
    axes.axis("off")
    column.y -= height + 0.1


def foot_line(snapshot: Snapshot, size: str) -> str:
    """The map's number by OCHA's convention, when it was made, and how to check it."""
    made = date_format(snapshot.created_at, "j F Y, H:i")
    return _("Map %(number)s · made from the snapshot of %(made)s UTC · %(url)s · SHA-256 %(digest)s") % {
        "number": map_number(snapshot, size),
        "made": made,
        "url": f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/",
        "digest": snapshot.digest,
    }


def map_number(snapshot: Snapshot, size: str) -> str:
    """CATALOGUE_short-name_size_date, as OCHA names its maps; the snapshot stands for the sequence."""
    return f"HDL{snapshot.pk[:4].upper()}_incidents_{size}_{snapshot.created_at:%Y%m%d}"
