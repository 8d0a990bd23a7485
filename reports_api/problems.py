"""Errors as problem details (RFC 9457): one shape for whatever is wrong, naming what it is about."""

from http import HTTPStatus
from typing import Any, NotRequired, TypedDict

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from impact.incidents.draft import DraftError
from impact.publication.filtering import FilterError

MEDIA_TYPE = "application/problem+json"


class WrongField(TypedDict):
    """One thing that is wrong: the parameter or field, and why (translated)."""

    name: str
    detail: str


class Problem(TypedDict):
    """RFC 9457; `errors` is there when single parameters or fields can be named."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[WrongField]]


class InvalidParameter(exceptions.APIException):
    """A query parameter that is unknown, or a value that cannot be: `parameter` names it."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, parameter: str, message: str) -> None:
        super().__init__(message)
        self.parameter = parameter


class PayloadTooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class KeyReused(exceptions.APIException):
    """The same Idempotency-Key came with another body."""

    status_code = HTTPStatus.UNPROCESSABLE_ENTITY


class Gone(exceptions.APIException):
    status_code = HTTPStatus.GONE


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception in a view; None for one that is our own fault, which Django answers."""
    if isinstance(error, FilterError):
        return _answer(HTTPStatus.BAD_REQUEST, [{"name": error.parameter, "detail": error.message}])
    if isinstance(error, InvalidParameter):
        return _answer(HTTPStatus.BAD_REQUEST, [{"name": error.parameter, "detail": str(error.detail)}])
    if isinstance(error, DraftError):
        return _answer(HTTPStatus.BAD_REQUEST, [{"name": error.field, "detail": error.message}])
    if isinstance(error, RequestDataTooBig):
        return _answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail=_("This is too large."))
    if isinstance(error, (SuspiciousOperation, BadRequest, RecursionError)):
        # RecursionError: JSON nested a thousand deep.
        return _answer(HTTPStatus.BAD_REQUEST, detail=_("The request cannot be read."))
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        wrong = _wrong_fields(response.data)
        return _answer(HTTPStatus.BAD_REQUEST, wrong)
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    answer = _answer(HTTPStatus(response.status_code), detail=str(detail))
    for name, value in response.items():
        answer.headers.setdefault(name, value)
    return answer


def problem(status: HTTPStatus, detail: str) -> Problem:
    """The body of a problem without named fields."""
    return {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}


def _answer(status: HTTPStatus, errors: list[WrongField] | None = None, detail: str = "") -> Response:
    if errors and not detail:
        detail = " ".join(f"{wrong['name']}: {wrong['detail']}" for wrong in errors)
    body = problem(status, detail)
    if errors:
        body["errors"] = errors
    return Response(body, status=status.value, content_type=MEDIA_TYPE)


def _wrong_fields(details: Any) -> list[WrongField]:
    if not isinstance(details, dict):
        return [{"name": "body", "detail": " ".join(_messages(details))}]
    return [
        {
            "name": "body" if name == "non_field_errors" else str(name),
            "detail": " ".join(dict.fromkeys(_messages(inner))),
        }
        for name, inner in details.items()
    ]


def _messages(details: Any) -> list[str]:
    if isinstance(details, dict):
        return [message for inner in details.values() for message in _messages(inner)]
    if isinstance(details, list):
        return [message for inner in details for message in _messages(inner)]
    return [str(details)]
