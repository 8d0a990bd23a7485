"""Reports that are sent without saying how long they are, and answers that are only asked for."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from impact.bodies import with_lengths, without_bodies
from impact.incidents.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_connections() -> Iterator[None]:
    """A request ends its connection, and that of a test with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def post(body: bytes, *, most_bytes: int = 1_000, **said: str) -> int:
    statuses: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/reports/",
        "CONTENT_TYPE": "application/json",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
        **said,
    }
    application = with_lengths(WSGIHandler(), most_bytes=most_bytes)
    b"".join(application(environ, lambda status, headers, *more: statuses.append(status)))
    return int(statuses[0][:3])


def test_a_report_without_a_length_is_taken_whole() -> None:
    body = json.dumps({"text": "Guards beat two diggers at Tongo"}).encode()
    assert post(body, HTTP_TRANSFER_ENCODING="chunked") == 201
    assert Report.objects.get().text == "Guards beat two diggers at Tongo"


def test_no_more_is_held_than_is_taken() -> None:
    body = json.dumps({"text": "x" * 2_000}).encode()
    assert post(body, HTTP_TRANSFER_ENCODING="chunked") == 400
    assert post(body, HTTP_TRANSFER_ENCODING="chunked", most_bytes=400_000) == 201
    assert post(b'{"text": "y"}' + b" " * 400_000, most_bytes=400_000) == 413


def test_a_length_that_was_said_stands() -> None:
    body = json.dumps({"text": "Guards beat two diggers at Tongo"}).encode()
    assert post(body + b"left over", CONTENT_LENGTH=str(len(body))) == 201


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_is_answered_with_the_same_headers_and_no_body(method: str) -> None:
    told: list[Any] = []
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    }
    answered = without_bodies(WSGIHandler())(environ, lambda *given: told.append(given))
    assert told[0][0].startswith("200")
    assert dict(told[0][1])["Content-Length"] == "3"
    assert b"".join(answered) == (b"ok\n" if method == "GET" else b"")
