"""A whole sheet: title, frame, column, foot. The same snapshot and options give the same bytes."""

from collections.abc import Sequence
from datetime import UTC, date
from io import BytesIO
from threading import Lock
from typing import Any

import matplotlib as mpl
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from impact.places.basemap import country_name
from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.publication.snapshots import snapshot_records
from impact.summaries.maps.extent import map_extent
from impact.summaries.maps.layers import draw_areas, draw_basemap, draw_incidents, draw_names
from impact.summaries.maps.marginalia import Column, draw_locator, foot_line, map_number, write_column
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.scale_bar import draw_north_arrow, draw_scale_bar

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "pdf.fonttype": 42,  # TrueType, so that text can be searched and letters such as ɛ ɔ ŋ are embedded
    "svg.fonttype": "path",
    "svg.hashsalt": "headlamp",
    "hatch.linewidth": 0.4,
    "path.simplify_threshold": 0.2,
}
_ONE_AT_A_TIME = Lock()  # matplotlib's settings are one for the whole process
_MARGIN, _GUTTER = 0.35, 0.2
_INK = "#1b1f24"


class _Canvas(FigureCanvasAgg):
    """geopandas asks for a redraw after every layer. Nobody watches, and each would take half a second."""

    def draw_idle(self, *args: Any, **kwargs: Any) -> None:
        return None


def render_map(snapshot: Snapshot, options: MapOptions) -> bytes:
    """The map of a snapshot as PDF, PNG or SVG. Reads the snapshot and the producing areas, nothing else."""
    records = records_on_map(snapshot_records(snapshot), options)
    with _ONE_AT_A_TIME, translation.override(options.language), mpl.rc_context(_STYLE):
        figure = _draw(snapshot, records, options)
        return _save(figure, snapshot, options)


def records_on_map(records: Sequence[PublishedRecord], options: MapOptions) -> list[PublishedRecord]:
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


def _draw(snapshot: Snapshot, records: Sequence[PublishedRecord], options: MapOptions) -> Figure:
    sheet = options.sheet
    scale = sheet.type_scale
    figure = Figure(figsize=(sheet.width, sheet.height), dpi=sheet.dpi, facecolor="#ffffff")
    _Canvas(figure)
    head, foot = 0.95 * scale, 0.5 * scale
    left, bottom = _MARGIN, foot
    width = sheet.width - 2 * _MARGIN - sheet.column - _GUTTER
    height = sheet.height - head - foot
    axes = figure.add_axes(
        (left / sheet.width, bottom / sheet.height, width / sheet.width, height / sheet.height)
    )
    extent = map_extent(records, options, width / height)
    unit_m = extent.width_m / (width * 72)
    draw_basemap(axes, extent, options.country)
    draw_areas(axes, extent, unit_m)
    bin_m = draw_incidents(axes, extent, records, unit_m)
    window = extent.window
    axes.set_xlim(window[0], window[2])
    axes.set_ylim(window[1], window[3])
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set(xlabel="", ylabel="")
    for spine in axes.spines.values():
        spine.set_linewidth(0.5)
    draw_scale_bar(axes, extent, scale)
    draw_north_arrow(axes, extent, scale)
    draw_names(axes, extent, scale)
    if not records:
        axes.text(
            0.5,
            0.5,
            _("Nothing is published yet."),
            transform=axes.transAxes,
            ha="center",
            fontsize=13 * scale,
        )
    _write_head(figure, snapshot, records, options)
    column = Column(figure, left + width + _GUTTER, bottom, sheet.column, height, scale)
    write_column(column, snapshot, records, extent, bin_m, scale)
    draw_locator(column, extent)
    figure.text(
        _MARGIN / sheet.width,
        0.2 * scale / sheet.height,
        foot_line(snapshot, options.size),
        fontsize=5.5 * scale,
        color="#545b64",
    )
    return figure


def _write_head(
    figure: Figure, snapshot: Snapshot, records: Sequence[PublishedRecord], options: MapOptions
) -> None:
    sheet = options.sheet
    scale, x = sheet.type_scale, _MARGIN / sheet.width
    top = 1 - 0.42 * scale / sheet.height
    room = 1 - 2 * x
    if snapshot.is_fictional:
        stamp = figure.text(
            1 - x,
            top,
            _("FICTIONAL DEMONSTRATION DATA"),
            fontsize=10 * scale,
            fontweight="bold",
            color="#b3261e",
            ha="right",
            bbox={"boxstyle": "square,pad=0.4", "facecolor": "#ffffff", "edgecolor": "#b3261e"},
        )
        room -= _width(figure, stamp) + 0.03
    title = figure.text(
        x, top, map_title(records, options), fontsize=17 * scale, fontfamily="DejaVu Serif", color=_INK
    )
    title.set_fontsize(17 * scale * min(1.0, room / _width(figure, title)))
    subtitle = map_subtitle(snapshot, records)
    figure.text(x, top - 0.27 * scale / sheet.height, subtitle, fontsize=9 * scale, color=_INK)


def _width(figure: Figure, text: Text) -> float:
    """A text's width as a share of the sheet's."""
    return float(text.get_window_extent().width / figure.bbox.width)


def map_title(records: Sequence[PublishedRecord], options: MapOptions) -> str:
    """What is on the sheet, counted."""
    count = len(records)
    title = ngettext(
        "%(count)s published incident beside mines", "%(count)s published incidents beside mines", count
    ) % {"count": number_format(count)}
    return f"{title}: {country_name(options.country)}" if options.country else title


def map_subtitle(snapshot: Snapshot, records: Sequence[PublishedRecord]) -> str:
    """The period of what is shown, the filter, and the day that the figures stand for."""
    parts = []
    days = [record[name] for record in records for name in ("occurred_from", "occurred_to")]
    known = sorted(date.fromisoformat(day) for day in days if day)
    if known:
        first, last = date_format(known[0], "F Y"), date_format(known[-1], "F Y")
        parts.append(first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last})
    try:
        parts.append(IncidentFilter.parse(snapshot.filter).words())
    except FilterError:
        parts.append(", ".join(f"{name}={value}" for name, value in snapshot.filter.items()))
    parts.append(_("as of %(day)s") % {"day": date_format(snapshot.created_at, "j F Y")})
    return " · ".join(part for part in parts if part)


def _save(figure: Figure, snapshot: Snapshot, options: MapOptions) -> bytes:
    moment = snapshot.created_at.astimezone(UTC).replace(microsecond=0)
    title = map_number(snapshot, options.size)
    metadata: dict[str, dict[str, Any]] = {
        "pdf": {"Title": title, "Creator": "Headlamp", "Producer": None, "CreationDate": moment},
        "png": {"Title": title, "Software": "Headlamp"},
        "svg": {"Title": title, "Creator": ["Headlamp"], "Date": moment.isoformat()},
    }
    buffer = BytesIO()
    figure.savefig(buffer, format=options.format, dpi=options.sheet.dpi, metadata=metadata[options.format])
    return buffer.getvalue()
