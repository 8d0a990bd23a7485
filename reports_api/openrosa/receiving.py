"""Where filled forms go."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    ParseError,
    Throttled,
    UnsupportedMediaType,
)
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.views import APIView

from impact.incidents.draft import DraftError
from reports_api.openrosa.envelope import HEADERS, LARGEST_BODY_BYTES, answer
from reports_api.openrosa.submission import SubmissionError, read_submission
from reports_api.openrosa.taking import take_in_submission
from reports_api.throttling import ReportThrottle

_FORM_PART = "xml_submission_file"


class SubmissionView(APIView):
    http_method_names = ("post", "head")
    parser_classes = (MultiPartParser,)
    throttle_classes = (ReportThrottle,)

    @extend_schema(exclude=True)
    def head(self, request: Request) -> HttpResponse:
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=HEADERS)

    @extend_schema(exclude=True)
    def post(self, request: Request) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isascii() and length.isdigit() and int(length) > LARGEST_BODY_BYTES:
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is too large."))
        parts = dict(request.FILES.items())
        filled = parts.pop(_FORM_PART, None)
        if filled is None:
            return answer(HTTPStatus.BAD_REQUEST, _("The filled form is missing."))
        try:
            submission = read_submission(filled.read(), timezone.now())
            refused = take_in_submission(submission, list(parts.values()))
        except (SubmissionError, DraftError) as wrong:
            return answer(HTTPStatus.BAD_REQUEST, wrong.message)
        except OSError:
            # Collect keeps what it could not send, and tries again.
            return answer(HTTPStatus.SERVICE_UNAVAILABLE, _("There is no room for files at the moment."))
        return answer(HTTPStatus.CREATED, " ".join([_("It has arrived."), *refused]))

    def handle_exception(self, exc: Exception) -> Any:
        """In the envelope that Collect shows to people."""
        if isinstance(exc, Throttled):
            waiting = answer(HTTPStatus.TOO_MANY_REQUESTS, _("Too many at once: try again in a minute."))
            waiting.headers["Retry-After"] = str(round(getattr(exc, "wait", None) or 60))
            return waiting
        if isinstance(exc, MethodNotAllowed):
            wrong = answer(HTTPStatus.METHOD_NOT_ALLOWED, _("Filled forms are sent here with POST."))
            wrong.headers["Allow"] = ", ".join(self.allowed_methods)
            return wrong
        if isinstance(exc, UnsupportedMediaType):
            return answer(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Only multipart/form-data is taken here."))
        if isinstance(exc, RequestDataTooBig):
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("This is too large."))
        if isinstance(exc, (ParseError, MultiPartParserError)):
            return answer(HTTPStatus.BAD_REQUEST, _("The form cannot be read."))
        if isinstance(exc, APIException):
            return answer(HTTPStatus(exc.status_code), _("The request cannot be read."))
        raise exc

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response.headers["Cache-Control"] = "no-store"
        return response
