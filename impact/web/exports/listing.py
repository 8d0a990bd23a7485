"""The job desk: what is chosen on the map, what can be made of it, and what was made."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from impact.accounts.models import User
from impact.accounts.permissions import exporter_required
from impact.exports.models import ExportKind
from impact.exports.ordering import visible_exports
from impact.publication.filtering import FilterError, IncidentFilter, filter_parameters
from impact.web.exports.preview import chosen_filter, filter_context

_SHOWN = 20


@exporter_required
@require_safe
def exports(request: HttpRequest) -> HttpResponseBase:
    """The filter with its preview, and the exports of one's organisation."""
    assert isinstance(request.user, User)  # noqa: S101 - exporter_required lets nobody else in
    error, status = None, 200
    try:
        chosen = chosen_filter(request)
    except FilterError as refused:
        chosen, error, status = IncidentFilter(), refused, 400
    made = visible_exports(request.user).select_related("requested_by").order_by("-created_at")
    page = Paginator(made, _SHOWN).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        **filter_context(chosen, filter_parameters(request.GET)),
        "filter_error": error,
        "export_kinds": ExportKind.choices,
        "page": page,
        "exports": page.object_list,
        "is_moving": any(export.is_under_way for export in page),
    }
    response: HttpResponse = render(request, "exports/exports.html", context, status=status)
    return response
