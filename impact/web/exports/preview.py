"""What a filter chooses, before anything is made: the sentence and a small map of it."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from impact.accounts.permissions import exporter_required
from impact.exports.choices import chosen_frame
from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.publication.published import published_incidents, published_properties
from impact.publication.state import public_tag
from impact.summaries.headline import headline
from impact.summaries.maps.options import MapOptions
from impact.summaries.maps.rendering import render_frame
from impact.summaries.tally import tally
from impact.web.public.filter_fields import harm_fields, select_fields

MOST_DRAWN = 20_000
_KEPT_S = 600
_SELECTS = ("theme", "country", "kind", "mineral")
_FORM_FIELDS = (*_SELECTS, "harm", "from", "to")


def chosen_filter(request: HttpRequest) -> IncidentFilter:
    """The filter in the address. Raises FilterError."""
    return IncidentFilter.parse(filter_parameters(request.GET))


def filter_context(chosen: IncidentFilter, given: dict[str, str]) -> dict[str, Any]:
    """What templates/exports/_chosen.html and _filter.html say: form, sentence, where the picture is."""
    parameters = chosen.as_params()
    found = headline(tally(chosen))
    return {
        "values": {name: given.get(name, "") for name in _FORM_FIELDS},
        "kept": {name: value for name, value in parameters.items() if name not in _FORM_FIELDS},
        "query": urlencode(parameters),
        "headline": found,
        "filter_words": chosen.words(),
        "has_picture": 0 < found.incidents <= MOST_DRAWN,
        "fields": select_fields(given, _SELECTS),
        "harms": harm_fields(given),
    }


@exporter_required
@require_safe
def preview(request: HttpRequest) -> HttpResponseBase:
    """The frame of the map that a filter gives, as SVG; 400 for a filter that cannot be."""
    try:
        chosen = chosen_filter(request)
    except FilterError as error:
        return HttpResponse(error.told, status=400, content_type="text/plain; charset=utf-8")
    language = get_language() or "en"
    words = f"{public_tag()} {language} {urlencode(chosen.as_params())}"
    key = f"export-preview-{hashlib.sha256(words.encode()).hexdigest()}"
    picture = cache.get(key)
    if picture is None:
        found = published_incidents(chosen).order_by("id")[:MOST_DRAWN]
        country, box = chosen_frame(chosen)
        picture = render_frame(
            [published_properties(incident) for incident in found],
            MapOptions(size="inline", language=language, country=country, bbox=box),
        )
        cache.set(key, picture, _KEPT_S)
    return HttpResponse(picture, content_type="image/svg+xml")
