"""Exports for advocates: choose a filter and a form, get a file that names its snapshot."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from impact.accounts.permissions import advocate_required
from impact.accounts.second_factor import confirmation_url, is_fresh
from impact.ledger.chain import record
from impact.ledger.models import Kind
from impact.places.basemap import COUNTRY_NAMES
from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots import take_snapshot
from impact.summaries.exporting import FORMATS, write_export
from impact.summaries.maps import MAP_FORMATS, MAP_SIZES, MapOptions, render_map
from impact.vocabulary import AreaKind, Theme

_FILTER_FIELDS = ("theme", "country", "kind", "from", "to")
_SHOWN = 20


@advocate_required
@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest) -> HttpResponseBase:
    """The form; on POST the file. A bad choice comes back with its name and everything that was chosen."""
    if request.method != "POST":
        return _form(request, {})
    if not is_fresh(request):
        messages.info(request, _("Confirm that it is you, then send it again."))
        return redirect(confirmation_url(request))
    given = {name: request.POST.get(name, "") for name in (*_FILTER_FIELDS, "what", "size", "format", "lang")}
    try:
        chosen = IncidentFilter.parse({name: given[name] for name in _FILTER_FIELDS})
    except FilterError as error:
        return _form(request, given, f"{error.parameter}: {error.message}")
    if given["what"] in FORMATS:
        return _data_file(request, take_snapshot(chosen), given["what"])
    if given["what"] == "map":
        return _map_file(request, chosen, given)
    return _form(request, given, _("Choose a map or a data file."))


def _map_file(request: HttpRequest, chosen: IncidentFilter, given: dict[str, str]) -> HttpResponse:
    language = given["lang"] or get_language() or settings.LANGUAGE_CODE
    if (
        given["size"] not in MAP_SIZES
        or given["format"] not in MAP_FORMATS
        or language not in dict(settings.LANGUAGES)
    ):
        return _form(request, given, _("Choose a size, a format and a language from the lists."))
    country = chosen.country[0] if len(chosen.country) == 1 else ""
    snapshot = take_snapshot(chosen)
    body = render_map(
        snapshot, MapOptions(size=given["size"], format=given["format"], language=language, country=country)
    )
    record_export(request, snapshot, f"map {given['size']} {given['format']}")
    return _attachment(
        body, MAP_FORMATS[given["format"]], f"{_stem(snapshot)}-{given['size']}.{given['format']}"
    )


def record_export(request: HttpRequest, snapshot: Snapshot, what: str) -> None:
    """Who took what out, into the log."""
    record(Kind.EXPORT, actor_id=request.user.pk, subject=f"snapshot {snapshot.pk}", details={"what": what})


def _data_file(request: HttpRequest, snapshot: Snapshot, what: str) -> HttpResponse:
    buffer = BytesIO()
    write_export(snapshot, what, buffer)
    record_export(request, snapshot, what)
    return _attachment(
        buffer.getvalue(), FORMATS[what].media_type, f"{_stem(snapshot)}.{FORMATS[what].extension}"
    )


def _stem(snapshot: Snapshot) -> str:
    fictional = "fictional-" if snapshot.is_fictional else ""
    return f"headlamp-{fictional}{timezone.localdate(snapshot.created_at):%Y%m%d}-{snapshot.pk}"


def _attachment(body: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _form(request: HttpRequest, values: dict[str, str], error: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "values": values,
        "error": error,
        "themes": Theme.choices,
        "kinds": AreaKind.choices,
        "countries": sorted(((code, str(name)) for code, name in COUNTRY_NAMES.items()), key=lambda c: c[1]),
        "data_formats": [(name, data_format.label) for name, data_format in FORMATS.items()],
        "sizes": list(MAP_SIZES),
        "map_formats": list(MAP_FORMATS),
        "languages": settings.LANGUAGES,
        "snapshots": Snapshot.objects.defer("rows")[:_SHOWN],
    }
    return render(request, "exports/exports.html", context, status=400 if error else 200)
