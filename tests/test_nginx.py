"""deploy/nginx.conf by nginx itself: what is public is shared for moments, all else is never kept."""

import shutil
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from pytest_django.live_server_helper import LiveServer

from impact.accounts.models import User
from impact.incidents.models import Evidence
from impact.publication import freshness
from impact.publication.publishing import retract_incident
from tests.builders import NOW
from tests.nginx import nginx_before
from tests.programs import needs
from tests.publication.test_publishing import publish, verified

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = b"Two people were killed at an artisanal site."
SHARED_S = 3.0
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def port(tmp_path: Path, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """nginx with our file in front of the suite's server, on other paths, and it says what was kept."""
    needs("nginx", "nginx-light")
    shorter = freshness._CACHE_CONTROL.replace("s-maxage=2", "s-maxage=1").replace("validate=2", "validate=1")
    monkeypatch.setattr(freshness, "_CACHE_CONTROL", shorter)
    with nginx_before(urlsplit(live_server.url).netloc, tmp_path) as number:
        yield number


def get(port: int, address: str = "/", method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        method, address, headers={name.replace("_", "-"): said for name, said in headers.items()}
    )
    answer = connection.getresponse()
    return answer, answer.read()


def kept(answer: tuple[HTTPResponse, bytes]) -> str | None:
    return answer[0].headers["X-Kept"]


def test_one_copy_serves_a_crowd(port: int, moderator: User) -> None:
    publish(verified(moderator), moderator)
    first, words = get(port, Accept_Language="en-GB,en;q=0.9")
    assert (first.status, first.headers["X-Kept"]) == (200, "MISS")
    assert WORDS in words
    same = get(port, Accept_Language="de,en-US;q=0.7", Cookie="csrftoken=of-somebody; other=1")
    assert (kept(same), same[1]) == ("HIT", words)
    french = get(port, Accept_Language="de;q=0.9,fr-CH")
    assert kept(french) == "MISS"
    assert b'lang="fr"' in french[1]
    assert kept(get(port, Cookie="django_language=fr", Accept_Language="en")) == "HIT"
    packed, _bytes = get(port, Accept_Encoding="br, gzip")
    assert (packed.headers["X-Kept"], packed.headers["Content-Encoding"]) == ("MISS", "gzip")
    tag = first.headers["ETag"]
    unchanged, nothing = get(port, If_None_Match=tag)
    assert (unchanged.status, nothing) == (304, b"")
    clusters = get(port, "/api/v1/clusters/?zoom=3")
    assert kept(clusters) == "MISS"
    assert kept(get(port, "/api/v1/clusters/?zoom=3")) == "HIT"
    time.sleep(2.1)
    assert kept(get(port, "/api/v1/clusters/?zoom=3")) == "REVALIDATED"


def test_what_was_taken_back_is_gone_after_moments(port: int, moderator: User) -> None:
    incident = verified(moderator)
    publish(incident, moderator)
    for address in ("/", "/feeds/incidents.atom", "/api/v1/incidents/"):
        assert WORDS in get(port, address)[1]
    incident.refresh_from_db()
    retract_incident(
        incident=incident, moderator=moderator, reason="Wrong.", expected_version=incident.version, now=NOW
    )
    since = time.monotonic()
    while WORDS in get(port)[1]:
        time.sleep(0.05)
        assert time.monotonic() - since < SHARED_S + 1
    time.sleep(max(0.0, since + SHARED_S - time.monotonic()))
    for address in ("/feeds/incidents.atom", "/api/v1/incidents/"):
        assert WORDS not in get(port, address)[1]


def test_nothing_is_kept_of_or_for_anybody_who_is_signed_in(port: int, moderator: User) -> None:
    client = Client()
    client.force_login(moderator)
    session = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    get(port)
    for address in ("/", "/moderate/"):
        answer, page = get(port, address, Cookie=f"django_language=en; {session}")
        assert answer.headers["X-Kept"] is None
        assert "no-store" in answer.headers["Cache-Control"]
        assert moderator.username.encode() in page
    assert kept(get(port, Authorization="Bearer of-a-partner")) is None
    assert moderator.username.encode() not in get(port)[1]
    assert get(port, "/moderate/")[0].status == 302


def test_forms_and_what_is_sent_go_through(port: int) -> None:
    tokens = {get(port, "/report/")[0].headers["Set-Cookie"] for _each in range(2)}
    assert len(tokens) == 2
    sent, problem = get(port, "/api/v1/reports/", "POST", Content_Length="0")
    assert (sent.status, sent.headers["X-Kept"]) == (400, None), problem
    assert get(port, "/api/v1/incidents/", "POST", Content_Length="0")[0].status == 405
    missing, _page = get(port, "/incidents/00000000-0000-4000-8000-000000000000/")
    assert (missing.status, missing.headers["Cache-Control"]) == (404, "private, no-store")


def test_what_is_sent_is_never_written_to_the_disk(port: int, tmp_path: Path) -> None:
    # A body that nginx has to put aside goes into this folder, in the clear; without the folder it fails.
    shutil.rmtree(tmp_path / "client_body")
    report = {"text": "Soldiers shot two men at Tshikapa. " + "Nobody came. " * 1000}
    picture = SimpleUploadedFile("scene.png", PNG + bytes(2_000_000))
    body = encode_multipart(BOUNDARY, {**report, "evidence": picture})
    answer = post(port, "/api/v1/reports/", body, MULTIPART_CONTENT)
    assert answer.status == 201
    assert Evidence.objects.get().size_bytes == len(PNG) + 2_000_000
    assert post(port, "/follow/", b"x" * 500_000, MULTIPART_CONTENT).status != 500


def post(port: int, address: str, body: bytes, media_type: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", address, body, {"Content-Type": media_type})
    answer = connection.getresponse()
    answer.read()
    return answer


def test_one_address_does_not_fill_the_memory_with_bodies_that_never_end(port: int) -> None:
    begun = []
    for _each in range(40):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.putrequest("POST", "/report/")
        connection.putheader("Content-Length", "29000000")
        connection.putheader("Content-Type", "application/x-www-form-urlencoded")
        connection.endheaders(b"text=")
        begun.append(connection)
    until = time.monotonic() + 10
    while (answer := get(port, "/report/")[0].status) != 429 and time.monotonic() < until:
        time.sleep(0.05)
    assert answer == 429
    assert get(port, "/")[0].status == 200
    assert get(port, "/sms/nobody/x/", "POST")[0].status == 404
    for connection in begun:
        connection.close()
    while (answer := get(port, "/report/")[0].status) != 200 and time.monotonic() < until + 10:
        time.sleep(0.05)
    assert answer == 200
