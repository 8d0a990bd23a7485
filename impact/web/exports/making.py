"""One export: how far it is, what it is made of, its files; made again; its state for the page's script."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.models import User
from impact.accounts.permissions import exporter_required
from impact.accounts.second_factor import fresh_factor_required
from impact.exports.keeping import kept_file, withdraw_if_taken_back
from impact.exports.models import Export, ExportKind
from impact.exports.ordering import order_again, record_taking, visible_exports
from impact.publication.filtering import FilterError, IncidentFilter
from impact.summaries.exporting import FORMATS
from impact.summaries.maps import MAP_FORMATS

_MEDIA_TYPES = {
    **{f".{data.extension}": data.media_type for data in FORMATS.values()},
    **{f".{ending}": media_type for ending, media_type in MAP_FORMATS.items()},
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}


@exporter_required
@require_safe
def export(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The page of one export."""
    found = _visible(request, pk)
    if found.state == Export.State.DONE:
        withdraw_if_taken_back(found)
    return _page(request, found)


@exporter_required
@require_safe
def state(request: HttpRequest, pk: str) -> HttpResponseBase:
    """How far it is, for the page's script."""
    found = _visible(request, pk)
    return JsonResponse({"state": found.state, "steps_done": found.steps_done, "steps": found.steps})


@exporter_required
@require_POST
def again(request: HttpRequest, pk: str) -> HttpResponseBase:
    """The same once more, of the same snapshot."""
    found = _visible(request, pk)
    assert isinstance(request.user, User)  # noqa: S101 - exporter_required lets nobody else in
    return redirect("web:export", order_again(user=request.user, export=found).pk)


@exporter_required
@fresh_factor_required
@require_safe
def file(request: HttpRequest, pk: str, name: str) -> HttpResponseBase:
    """A file, to somebody who proved lately who they are. Each taking is in the log.

    410 for one that expired, was withdrawn or never was, with the page that it can be made again on.
    """
    found = _visible(request, pk)
    path = kept_file(found, name)
    if path is None:
        return _page(request, found, gone=_("This file is not here any more. It can be made again."))
    assert isinstance(request.user, User)  # noqa: S101 - exporter_required lets nobody else in
    opened = path.open("rb")
    if request.method != "HEAD":
        record_taking(found, request.user, name)
    media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    return FileResponse(opened, as_attachment=True, filename=name, content_type=media_type)


def _page(request: HttpRequest, found: Export, *, gone: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "export": found,
        "kind_label": ExportKind(found.kind).label,
        "filter_words": _filter_words(found),
        "error_words": gone or _error_words(found),
        "files": _files(found),
    }
    return render(request, "exports/export.html", context, status=410 if gone else 200)


def _files(found: Export) -> list[dict[str, Any]]:
    """The files, what was asked for first; `words` says what lies beside a brief or a data file."""
    beside = {
        ".speech.txt": _("The five sentences, to be read aloud"),
        ".figures.json": _("Every figure with its query, for those who check"),
        ".dictionary.csv": _("What its columns mean"),
        ".areas.geojson": _("Producing areas, in their shapes"),
        ".incident_areas.csv": _("Which incident is near which area"),
    }
    told = [
        {**file, "words": next((words for end, words in beside.items() if file["name"].endswith(end)), "")}
        for file in found.files
    ]
    return sorted(told, key=lambda file: (bool(file["words"]), file["name"].endswith(".json")))


def _visible(request: HttpRequest, pk: str) -> Export:
    if not isinstance(request.user, User):
        raise Http404
    exports = visible_exports(request.user).select_related("snapshot", "requested_by", "organisation")
    return get_object_or_404(exports, pk=pk)


def _filter_words(found: Export) -> str:
    try:
        return IncidentFilter.parse(found.snapshot.filter).words()
    except FilterError:  # an older filter than this version knows
        return ", ".join(f"{name}={value}" for name, value in sorted(found.snapshot.filter.items()))


def _error_words(found: Export) -> str:
    if not found.error:
        return ""
    known = {
        "too_many_rows": _("There are more incidents than a sheet of XLSX holds: choose another format."),
        "disk_full": _("The disk was full, three times. Make room, then make it again."),
        "interrupted": _("The worker was stopped at it three times."),
    }
    return known.get(found.error, _("It failed three times (%(kind)s).") % {"kind": found.error})
