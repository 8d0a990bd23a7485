import logging
from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import translation
from pytest_django import Settings

from tests.sms_gateway.telephones import WITNESS, post_twilio, twilio_fields

pytestmark = pytest.mark.django_db
ran: list[str] = []


def tell_language(request: HttpRequest) -> HttpResponse:
    return HttpResponse(translation.get_language())


def fail(request: HttpRequest) -> HttpResponse:
    ran.append(request.path)
    raise RuntimeError("Zephyrine")


urlpatterns = [
    path("sms/language/", tell_language),
    path("sms/fault/", fail),
    path("", include("impact.urls")),
]


@pytest.fixture
def own_addresses(settings: Settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    ran.clear()
    yield
    translation.deactivate()


def test_an_answer_has_every_header_that_does_not_speak_of_languages_and_cookies(settings: Settings) -> None:
    settings.SECURE_HSTS_SECONDS = 60
    headers = post_twilio(twilio_fields("HELP")).headers
    assert dict(headers) == {
        "Content-Type": "text/xml; charset=utf-8",
        "Content-Length": headers["Content-Length"],
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert (
        Client().get("/sms/twilio/", secure=True).headers["Strict-Transport-Security"].startswith("max-age")
    )


def test_a_message_meets_neither_session_nor_person_nor_language() -> None:
    answer = post_twilio(twilio_fields())
    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(answer.content) > 0
    assert {"session", "user", "LANGUAGE_CODE", "csp_nonce"}.isdisjoint(vars(answer.wsgi_request))
    assert not answer.cookies
    assert {"session", "user", "LANGUAGE_CODE", "csp_nonce"} <= set(vars(Client().get("/").wsgi_request))


def test_a_refusal_is_an_answer_like_another() -> None:
    unsigned = post_twilio(twilio_fields(), **{"X-Twilio-Signature": "no"})
    wrong_method = Client().get("/sms/twilio/")
    assert (unsigned.status_code, unsigned.content) == (403, b"")
    assert (wrong_method.status_code, wrong_method.headers["Allow"]) == (405, "POST")
    for answer in (unsigned, wrong_method):
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("address", ["/sms/nobody/", "/sms/kannel/wrong/way/at/all/"])
def test_no_such_address_is_the_page_of_every_other(address: str) -> None:
    here, elsewhere = (
        Client().get(one, headers={"Accept-Language": "fr"}) for one in (address, "/nowhere/at/all/")
    )
    assert here.status_code == elsewhere.status_code == 404
    assert here.content == elsewhere.content
    assert dict(here.headers) == dict(elsewhere.headers)
    assert here.headers["Content-Language"] == "fr"


def test_an_address_without_its_slash_is_sent_to_the_one_with_it() -> None:
    answer = Client().get("/sms/twilio")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/sms/twilio/")


def test_a_foreign_host_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    fields = twilio_fields()
    assert Client(headers={"Host": "elsewhere.example"}).post("/sms/twilio/", fields).status_code == 400
    assert WITNESS.removeprefix("+") not in caplog.text


def test_a_body_past_the_limit_is_refused(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert post_twilio(twilio_fields("a" * 200)).status_code == 400


@pytest.mark.usefixtures("own_addresses")
def test_a_fault_is_met_once_and_is_the_page_and_the_line_of_every_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer = Client(raise_request_exception=False).post("/sms/fault/")
    assert ran == ["/sms/fault/"]
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
    assert "script-src" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    [line] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert line.exc_info is not None
    assert isinstance(line.exc_info[1], RuntimeError)


@pytest.mark.usefixtures("own_addresses")
def test_the_language_of_whoever_was_served_before_is_forgotten() -> None:
    translation.activate("fr")
    assert Client().get("/sms/language/").content == b"en"
