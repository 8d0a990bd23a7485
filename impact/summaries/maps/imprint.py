"""Who made a sheet, its number, and how to check it: mark, contact, QR code, foot line."""

from pathlib import Path

import matplotlib.image
import numpy as np
import segno
from django.conf import settings
from django.utils.translation import gettext as _
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path as Outline

from impact.formats.days import day_words
from impact.publication.models import Snapshot
from impact.summaries.maps.column import Column
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.palette import INK, SOFT
from impact.summaries.maps.passages import Passage

_QR_INCHES = 0.78
_MARK_INCHES = 0.34


def snapshot_url(snapshot: Snapshot) -> str:
    """The snapshot's public page."""
    return f"{settings.PUBLIC_URL}/snapshots/{snapshot.pk}/"


def map_number(snapshot: Snapshot, options: MapOptions) -> str:
    """CATALOGUE_short-name_size_date, as OCHA names its maps; the snapshot stands for the sequence."""
    catalogue = f"{settings.MAP_CATALOGUE}{snapshot.pk[:4].upper()}"
    name = f"{options.country.lower()}_incidents" if options.country else "incidents"
    return f"{catalogue}_{name}_{options.size}_{snapshot.created_at:%Y%m%d}"


def foot_line(snapshot: Snapshot, options: MapOptions) -> str:
    """The map's number, when it was made, and how to check it."""
    made = f"{day_words(snapshot.created_at)}, {snapshot.created_at:%H:%M}"
    return _("Map %(number)s · made from the snapshot of %(made)s UTC · %(url)s · SHA-256 %(digest)s") % {
        "number": map_number(snapshot, options),
        "made": made,
        "url": snapshot_url(snapshot),
        "digest": snapshot.digest,
    }


def write_imprint(column: Column, snapshot: Snapshot) -> None:
    """The QR code of the snapshot's page, and beside it the organisation's mark, name and contact."""
    size = _QR_INCHES * column.scale
    column.gap(0.1)
    top = column.y
    column.y -= size
    draw_qr(column.axes, snapshot_url(snapshot), 0.0, column.y, size)
    left, mark = size + 0.12 * column.scale, _MARK_INCHES * column.scale
    draw_mark(column.axes, left, top - mark, mark)
    lines = [
        (settings.ORGANISATION, 7.0, INK, "bold"),
        *((line, 6.0, SOFT, "normal") for line in [settings.CONTACT] if line),
        (_("Scan to check this map"), 6.0, SOFT, "normal"),
    ]
    y = top - mark - 0.02 * column.scale
    for text, points, colour, weight in lines:
        size = points * column.scale
        written = []
        for line in column.wrapped(text, size, column.width - left, weight=weight):
            y -= size * 1.3 / 72
            written.append(column.axes.text(left, y, line, fontsize=size, color=colour, fontweight=weight))
        column.passages.append(Passage("paragraph", tuple(written)))
    column.y = min(column.y, y)


def draw_qr(axes: Axes, content: str, left: float, bottom: float, size: float) -> None:
    """A QR code (ISO/IEC 18004) as one filled outline: sharp at every scale."""
    matrix = [list(row) for row in segno.make(content, error="m", micro=False).matrix]
    module = size / len(matrix)
    vertices: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    square = [Outline.MOVETO, Outline.LINETO, Outline.LINETO, Outline.LINETO, Outline.CLOSEPOLY]
    for row, modules in enumerate(matrix):
        for column, is_dark in enumerate(modules):
            if is_dark:
                x, y = left + column * module, bottom + size - (row + 1) * module
                far, high = x + module, y + module
                vertices += [(x, y), (far, y), (far, high), (x, high), (x, y)]
                codes += square
    axes.add_patch(PathPatch(Outline(vertices, codes), facecolor="#000000", edgecolor="none", snap=False))


def draw_mark(axes: Axes, left: float, bottom: float, size: float) -> None:
    """The organisation's mark from HEADLAMP_MARK (a PNG), else the lamp: a disc and a cone of light."""
    if settings.MARK_FILE:
        picture = matplotlib.image.imread(Path(settings.MARK_FILE))
        height, width = picture.shape[:2]
        axes.imshow(
            picture,
            extent=(left, left + size * width / height, bottom, bottom + size),
            aspect="auto",
            zorder=3,
        )
        return
    middle = left + size / 2
    axes.add_patch(Circle((middle, bottom + size * 0.76), size * 0.21, facecolor=INK, edgecolor="none"))
    light = [(0.34, 0.53), (0.66, 0.53), (0.93, 0.02), (0.07, 0.02)]
    beam = Polygon(
        [(left + size * x, bottom + size * y) for x, y in light], closed=True, facecolor=INK, edgecolor="none"
    )
    axes.add_patch(beam)
    # The lamp stands clear of its light, as in the mark on the pages.
    axes.add_patch(
        Circle((middle, bottom + size * 0.76), size * 0.24, fill=False, edgecolor="#ffffff", linewidth=0.8)
    )
