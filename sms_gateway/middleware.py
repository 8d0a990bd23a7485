"""The short road: a provider's request passes nothing that was made for people with browsers.

A webhook has no session, no language, no page to render and no cookie, and at an outage's end there are
thousands of them. Whatever does not end in an answer of the view's own (no such address, a foreign host, a
fault) takes the long road after all, and gets the page, the headers and the line in the log of every other.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import translation

WEBHOOKS = "/sms/"
# What the middlewares passed by would say, but for the languages and cookies that nothing here depends on.
# No answer is a page, so none may load or be framed by anything.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
}


class WebhookMiddleware:
    """Goes behind SecurityMiddleware, before everything else. All views under WEBHOOKS are webhooks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(WEBHOOKS):
            return self.get_response(request)
        try:
            return _answer(request)
        except Exception as error:  # noqa: BLE001  (Django handles it, where it would have come up)
            vars(request)["webhook_error"] = error
            return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        """On the long road: in place of the view, which has run already, what it raised."""
        if error := vars(request).pop("webhook_error", None):
            raise error


def _answer(request: HttpRequest) -> HttpResponse:
    request.get_host()  # raises for one that is not ours
    request.resolver_match = found = resolve(request.path_info)
    translation.deactivate()  # of whoever was served by this thread before
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Content-Length"] = str(len(response.content))
    return response
