"""The basemap for the browser: served from here, so that no third party learns who looks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from impact.places.web_basemap import web_countries, web_details, web_outlines


@require_safe
@cache_control(public=True, max_age=7 * 24 * 3600)
def basemap(request: HttpRequest) -> HttpResponse:
    """Countries; with `?outline=1` their outlines; with `?detail=1` first-level boundaries and big waters.

    GeoJSON; with `steps=1` in half the bytes, as the map's script reads it.
    """
    in_steps = bool(request.GET.get("steps"))
    if request.GET.get("outline"):
        body = web_outlines(in_steps=in_steps)
    else:
        body = (web_details if request.GET.get("detail") else web_countries)(in_steps=in_steps)
    media_type = "application/json" if in_steps else "application/geo+json"
    return HttpResponse(body, content_type=media_type)
