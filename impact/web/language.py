"""`?lang=fr` chooses a language and keeps it: links and printed posters can name one, no script needed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

PARAMETER = "lang"


class ChosenLanguageMiddleware:
    """Goes after LocaleMiddleware, whose choice (cookie, then browser) it overrules."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.GET.get(PARAMETER, "")
        if chosen not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        response.headers["Content-Language"] = chosen
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            # Gone with the browser's window, as the form's: on a phone that is taken it would tell of us.
            max_age=None,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        return response
