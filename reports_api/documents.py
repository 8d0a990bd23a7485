"""What the API says about itself: where things are, the OpenAPI document, and a page that reads it out."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from reports_api import problems
from reports_api.view import ApiView

_EXAMPLE = "?theme=violence&from=2026-01&format=geojson"
_LISTS = (
    "incidents",
    "clusters",
    "hexagons",
    "coverage",
    "areas",
    "statistics",
    "production",
    "snapshots",
    "reports",
    "cases",
    "webhooks",
)


class HttpResponsePermanentRedirectKept(HttpResponseRedirect):
    """308: a client that followed a redirect with GET would lose the report that it sent."""

    status_code = HTTPStatus.PERMANENT_REDIRECT


class StartView(ApiView):
    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return Response(
            {
                name: request.build_absolute_uri(reverse(f"reports_api:{name}"))
                for name in (*_LISTS, "openapi", "docs")
            }
        )


def docs(request: HttpRequest) -> HttpResponse:
    """The operations of the OpenAPI document on a page of our own: no script, nothing from elsewhere."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    operations = [
        {**operation, "method": method.upper(), "path": path, "answers": sorted(operation["responses"])}
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    report = document["components"]["schemas"]["Report"]
    return render(
        request,
        "reports_api/docs.html",
        {
            "operations": operations,
            "example": request.build_absolute_uri(f"{reverse('reports_api:incidents')}{_EXAMPLE}"),
            "report_fields": report["properties"],
            "report_required": report["required"],
        },
    )


@csrf_exempt
def not_found(request: HttpRequest, path: str) -> HttpResponse:
    """Any other address: sent on when only its last slash is missing, else a problem."""
    if not path.endswith("/") and _is_known(f"{request.path_info}/"):
        return HttpResponsePermanentRedirectKept(request.get_full_path(force_append_slash=True))
    return JsonResponse(
        problems.problem(HTTPStatus.NOT_FOUND, _("There is nothing at this address.")),
        status=HTTPStatus.NOT_FOUND,
        content_type=problems.MEDIA_TYPE,
    )


def _is_known(path: str) -> bool:
    try:
        return resolve(path).func is not not_found
    except Resolver404:
        return False
