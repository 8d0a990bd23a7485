"""Snapshots: what maps and files were made from, and how anyone can check it."""

import json
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from impact.publication.filtering import FilterError, IncidentFilter
from impact.publication.freshness import fresh
from impact.publication.models import Snapshot
from impact.publication.reidentification import LIMIT, MOST_MEASURED, generalised, measure
from impact.publication.snapshots.taking import retracted_count, snapshot_line_parts, snapshot_records
from impact.summaries.formats.about import provenance

Answer = TypeVar("Answer", bound=HttpResponseBase)
_ROWS = 50
_LINES = "application/x-ndjson; charset=utf-8"


@require_safe
@fresh
def snapshot_list(request: HttpRequest) -> HttpResponse:
    """All snapshots, the latest first."""
    page = Paginator(Snapshot.objects.defer("rows"), _ROWS).get_page(request.GET.get("page"))
    rows = [{"snapshot": one, "words": _words(one)} for one in page]
    return render(request, "public/snapshots.html", {"page": page, "rows": rows})


@require_safe
@fresh
def snapshot(request: HttpRequest, pk: str) -> HttpResponse:
    """Filter, counts, digest, how to check it, how far its incidents can be told apart, and the lines."""
    found = get_object_or_404(Snapshot.objects.defer("rows"), pk=pk)
    is_measured = found.shown <= MOST_MEASURED
    measured = measure(snapshot_records(found) if is_measured else [])
    context = {
        "snapshot": found,
        "filter_words": _words(found),
        "citation": provenance(found)["citation"],
        "retracted": retracted_count(found),
        "measured": measured if is_measured else None,
        "most_measured": MOST_MEASURED,
        "limit_percent": LIMIT * 100,
        "risk_percent": measured.person_risk * 100,
        "unique_percent": measured.unique_share * 100,
    }
    return render(request, "public/snapshot.html", context)


@require_safe
@fresh
def lines(request: HttpRequest, pk: str) -> StreamingHttpResponse:
    """The frozen lines, over which the digest is; a stone for what was taken back since."""
    found = get_object_or_404(Snapshot.objects.defer("rows"), pk=pk)
    response = StreamingHttpResponse(snapshot_line_parts(found), content_type=_LINES)
    return _named(response, f"headlamp-{found.pk}.jsonl")


@require_safe
@fresh
def generalised_lines(request: HttpRequest, pk: str) -> HttpResponse:
    """The incidents in larger hexagons and longer periods, until fewer than 3 % are the only one of
    theirs. Not of so many that a request cannot hold them."""
    found = get_object_or_404(Snapshot.objects.defer("rows"), pk=pk, shown__lte=MOST_MEASURED)
    records = generalised(snapshot_records(found))
    body = "".join(json.dumps(record, sort_keys=True, ensure_ascii=False) + "\n" for record in records)
    return _attachment(body.encode(), f"headlamp-{found.pk}-generalised.jsonl", _LINES)


@require_safe
def check_script(request: HttpRequest) -> HttpResponse:
    """The stand-alone script that recomputes a digest."""
    return _attachment(_script(), "check_snapshot.py", "text/x-python; charset=utf-8")


@cache
def _script() -> bytes:
    return (settings.BASE_DIR / "docs" / "check_snapshot.py").read_bytes()


def _words(found: Snapshot) -> str:
    try:
        words = IncidentFilter.parse(found.filter).words()
    except FilterError:
        # Made by another version that knew other filters: shown as it was written.
        words = ", ".join(f"{name}={value}" for name, value in found.filter.items())
    return words or _("everything that was published")


def _attachment(body: bytes, name: str, media_type: str) -> HttpResponse:
    return _named(HttpResponse(body, content_type=media_type), name)


def _named(response: Answer, name: str) -> Answer:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
