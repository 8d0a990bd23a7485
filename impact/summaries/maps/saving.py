"""A drawn sheet as a file: PNG and SVG by matplotlib; PDF by typst, tagged for screen readers (PDF/UA-1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from django.conf import settings
from matplotlib.figure import Figure

from impact.publication.models import Snapshot
from impact.summaries.maps.imprint import map_number
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.passages import Passage, placed_passages
from impact.summaries.typesetting import typeset

TEMPLATE = Path(__file__).parent / "sheet.typ"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet, and its words in order: before the picture and after it. `alt` tells the picture in words."""

    figure: Figure
    head: Sequence[Passage]
    body: Sequence[Passage]
    title: str
    alt: str


def save(drawn: Drawn, snapshot: Snapshot, options: MapOptions) -> bytes:
    """The file in the format of the options. The same sheet gives the same bytes."""
    if options.format == "pdf":
        return _tagged(drawn, snapshot, options)
    moment = snapshot.created_at.astimezone(UTC).replace(microsecond=0)
    title = map_number(snapshot, options)
    metadata: dict[str, dict[str, Any]] = {
        "png": {"Title": title, "Software": "Headlamp"},
        "svg": {"Title": title, "Creator": ["Headlamp"], "Date": moment.isoformat()},
    }
    buffer = BytesIO()
    drawn.figure.savefig(
        buffer, format=options.format, dpi=options.sheet.dpi, metadata=metadata[options.format]
    )
    return buffer.getvalue()


def _tagged(drawn: Drawn, snapshot: Snapshot, options: MapOptions) -> bytes:
    """The picture without the words around it, and these as text at their places."""
    figure = drawn.figure
    content = {
        "title": f"{drawn.title} ({map_number(snapshot, options)})",
        "organisation": settings.ORGANISATION,
        "language": options.language,
        "width": figure.get_figwidth() * 72,
        "height": figure.get_figheight() * 72,
        "alt": drawn.alt,
        "head": placed_passages(figure, drawn.head),
        "body": placed_passages(figure, drawn.body),
    }
    for passage in (*drawn.head, *drawn.body):
        for line in passage.lines:
            line.set_visible(False)
    figure.patch.set_visible(False)
    buffer = BytesIO()
    # Names on the map stay text: found by a search, and set in the fonts that are embedded.
    with mpl.rc_context({"svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "Headlamp"})
    return typeset(TEMPLATE, snapshot.created_at, content, picture=buffer.getvalue().decode())
