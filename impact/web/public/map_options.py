"""What the map's script is told: addresses, the filter, the view, and its words in the reader's language."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max, Min
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from impact.publication.filtering import IncidentFilter
from impact.publication.published import published_incidents
from impact.vocabulary import AreaKind, Theme
from impact.web.public.map_view import MapView


def map_options(chosen: IncidentFilter, view: MapView, months: dict[str, str]) -> dict[str, Any]:
    """JSON types only. `extent` is west, south, east, north of the points that pass the filter."""
    return {
        "page": reverse("web:map"),
        "clusters": reverse("reports_api:clusters"),
        "hexagons": reverse("reports_api:hexagons"),
        "coverage": reverse("reports_api:coverage"),
        "search": reverse("reports_api:areas"),
        "areas": reverse("web:map_areas"),
        "incident": reverse("web:map") + "incidents/",
        "area": reverse("web:areas"),
        "basemap": reverse("web:basemap"),
        "starts_with_outlines": True,
        "embed": settings.PUBLIC_URL + reverse("web:embed"),
        "filter": chosen.as_params(),
        "layer": view.layer,
        "shade": view.shade,
        "show": list(view.show),
        "view": view.at,
        "extent": _extent(chosen),
        "months": months,
        "tiles": settings.TILES_URL,
        "attribution": settings.TILES_ATTRIBUTION,
        "themes": {code: str(label) for code, label in Theme.choices},
        "kinds": {code: str(label) for code, label in AreaKind.choices},
        "words": _words(),
    }


def with_tiles_allowed(response: HttpResponse) -> HttpResponse:
    """Let the page fetch pictures from the tile server, where one is set, and from nobody else."""
    if settings.TILES_URL:
        tiles = urlsplit(settings.TILES_URL)
        response._csp_update = {  # type: ignore[attr-defined]
            **getattr(response, "_csp_update", {}),
            "img-src": [f"{tiles.scheme}://{tiles.netloc}"],
        }
    return response


def _extent(chosen: IncidentFilter) -> list[float] | None:
    edges = (
        published_incidents(chosen)
        .order_by()
        .aggregate(west=Min("longitude"), south=Min("latitude"), east=Max("longitude"), north=Max("latitude"))
    )
    found = [edges[name] for name in ("west", "south", "east", "north")]
    return None if None in found else found


def _words() -> dict[str, str]:
    return {
        "incident": _("1 incident"),
        "incidents": _("{count} incidents"),
        "people": _("{count} people harmed"),
        "nobody": _("nobody counted"),
        "shade_incidents": _("Incidents in a hexagon:"),
        "shade_people": _("People harmed in a hexagon, at least:"),
        "list": _("List them"),
        "closer": _("Zoom in"),
        "carats": _("{carats} carats, {period} ({source})"),
        "undisclosed": _("output not disclosed"),
        "near": _("{count} incidents near"),
        "more_areas": _("{count} more areas: zoom in to see them"),
        "no_reports": _("Nobody was there to report: no data, not no harm"),
        "reports": _("at least {count} reports came from within"),
        "copied": _("Copied."),
        "not_copied": _("Not copied: it is marked, copy it yourself."),
        "play": _("Play"),
        "stop": _("Stop"),
        "no_area": _("No area of that name."),
        "only_near": _("Only incidents near it"),
        "failed": _("The map’s data did not arrive. Move the map to try again."),
        "and_more": _("{count} or more"),
    }
