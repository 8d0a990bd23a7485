"""The public page of a snapshot: what an export was made from, and how to check it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.models import Snapshot
from impact.publication.snapshots import snapshot_lines


@require_safe
def snapshot(request: HttpRequest, pk: str) -> HttpResponse:
    """Filter, counts, digest, and the lines to download."""
    found = get_object_or_404(Snapshot.objects.defer("rows"), pk=pk)
    try:
        words = IncidentFilter.parse(found.filter).words()
    except FilterError:
        # Made by another version that knew other filters: shown as it was written.
        words = ", ".join(f"{name}={value}" for name, value in found.filter.items())
    return render(
        request,
        "public/snapshot.html",
        {"snapshot": found, "filter_words": words or _("everything that was published")},
    )


@require_safe
def lines(request: HttpRequest, pk: str) -> HttpResponse:
    """The frozen lines, whose SHA-256 is the digest."""
    found = get_object_or_404(Snapshot, pk=pk)
    response = HttpResponse(snapshot_lines(found), content_type="application/x-ndjson; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="headlamp-{found.pk}.jsonl"'
    return response
