"""The head of a sheet: what is shown, counted; its period, filter and day; whether it is fiction."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from impact.formats.days import day_words, months_words
from impact.places.basemap import country_name
from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.published import PublishedRecord
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.palette import INK
from impact.summaries.maps.passages import Passage

_STAMP = "#b3261e"
_PADDING = 0.4  # of a frame, in ems


def write_head(
    figure: Figure, snapshot: Snapshot, records: Sequence[PublishedRecord], options: MapOptions, margin: float
) -> list[Passage]:
    """Title and subtitle at the top left, made smaller where they would not fit. Returns what was written."""
    written = []
    sheet = options.sheet
    scale, x = sheet.type_scale, margin / sheet.width
    top = 1 - 0.42 * scale / sheet.height
    room = 1 - 2 * x
    if snapshot.is_fictional:
        stamp = figure.text(
            1 - x,
            top,
            _("FICTIONAL DEMONSTRATION DATA"),
            fontsize=(10 if sheet.column else 7) * scale,
            fontweight="bold",
            color=_STAMP,
            ha="right",
        )
        _frame(figure, stamp)
        written.append(Passage("paragraph", (stamp,)))
        room -= _width(figure, stamp) + 0.03
    title = figure.text(
        x,
        top,
        options.title or map_title(records, options),
        fontsize=17 * scale,
        fontfamily="DejaVu Serif",
        color=INK,
    )
    title.set_fontsize(17 * scale * min(1.0, room / _width(figure, title)))
    subtitle = figure.text(
        x, top - 0.27 * scale / sheet.height, map_subtitle(snapshot, records), fontsize=9 * scale, color=INK
    )
    subtitle.set_fontsize(9 * scale * min(1.0, (1 - 2 * x) / _width(figure, subtitle)))
    return [*written, Passage("title", (title,)), Passage("paragraph", (subtitle,))]


def _frame(figure: Figure, text: Text) -> None:
    """A frame around a text, drawn for itself."""
    padding = _PADDING * float(text.get_fontsize()) * figure.dpi / 72
    box = text.get_window_extent().padded(padding).transformed(figure.transFigure.inverted())
    figure.add_artist(
        Rectangle(
            (box.x0, box.y0),
            box.width,
            box.height,
            transform=figure.transFigure,
            facecolor="none",
            edgecolor=_STAMP,
        )
    )


def map_title(records: Sequence[PublishedRecord], options: MapOptions) -> str:
    """What is on the sheet, counted."""
    count = len(records)
    title = ngettext(
        "%(count)s published incident beside mines", "%(count)s published incidents beside mines", count
    ) % {"count": number_format(count, force_grouping=True)}
    if not options.country:
        return title
    return _("%(title)s: %(place)s") % {"title": title, "place": country_name(options.country)}


def map_subtitle(snapshot: Snapshot, records: Sequence[PublishedRecord]) -> str:
    """The period of what is shown, the filter, and the day that the figures stand for."""
    parts = []
    days = [record[name] for record in records for name in ("occurred_from", "occurred_to")]
    known = sorted(date.fromisoformat(day) for day in days if day)
    if known:
        parts.append(months_words(known[0], known[-1]))
    try:
        parts.append(IncidentFilter.parse(snapshot.filter).words())
    except FilterError:
        parts.append(", ".join(f"{name}={value}" for name, value in snapshot.filter.items()))
    parts.append(_("as of %(day)s") % {"day": day_words(snapshot.created_at)})
    return " · ".join(part for part in parts if part)


def _width(figure: Figure, text: Text) -> float:
    """A text's width as a share of the sheet's."""
    return float(text.get_window_extent().width / figure.bbox.width)
