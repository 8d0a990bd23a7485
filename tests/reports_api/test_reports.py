import json
from datetime import date
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from impact.incidents.following import report_by_code
from impact.incidents.models import Incident, Report
from impact.incidents.references import is_reference
from tests.builders import make_place

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"
TEXT = "Des soldats ont tiré sur deux creuseurs\n à Tshikapa "


@pytest.fixture(autouse=True)
def _small_gazetteer(db: None) -> None:
    make_place()


def send(client: Client, key: str = "", **fields: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        REPORTS, json.dumps({"text": TEXT, **fields}), content_type="application/json", headers=headers
    )


def test_a_report_is_kept_as_sent_and_answered_with_a_reference_and_a_code(client: Client) -> None:
    response = send(
        client,
        place_words="near the river",
        longitude=20.8,
        latitude=-6.4,
        occurred_from="2026-11-18",
        harms=["injury", "killing"],
        language="fr",
        follow_up=True,
        publish=True,
    )
    assert response.status_code == 201
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies
    answer = response.json()
    assert is_reference(answer["reference"])
    assert report_by_code(answer["follow_up_code"]) is not None
    report = Report.objects.get()
    assert (report.text, report.language, report.channel) == (TEXT, "fr", "api")
    assert (report.may_follow_up, report.may_share, report.may_publish) == (True, False, True)
    incident = Incident.objects.get()
    assert incident.harm_codes == ["injury", "killing"]
    assert incident.point is not None
    assert incident.point.coords == (20.8, -6.4)
    assert incident.occurred_from == date(2026, 11, 18)
    assert report.is_fictional


@pytest.mark.parametrize("content_type", ["multipart/form-data", "application/x-www-form-urlencoded"])
def test_a_form_does_as_well_as_json(client: Client, content_type: str) -> None:
    if content_type.startswith("multipart"):
        response = client.post(
            REPORTS, {"text": "Water is red", "harms": ["chemicals", "injury"], "share": "true"}
        )
    else:
        response = client.post(
            REPORTS, "text=Water+is+red&harms=chemicals&harms=injury&share=true", content_type=content_type
        )
    assert response.status_code == 201
    report = Report.objects.get()
    assert (report.text, report.may_share, report.may_publish) == ("Water is red", True, False)
    assert report.incident.harm_codes == ["chemicals", "injury"]


def test_the_same_key_and_body_is_one_report_with_one_answer(client: Client) -> None:
    fields: dict[str, Any] = {"harms": ["killing"], "longitude": 20.8, "latitude": -6.4, "share": True}
    first, second = (send(client, "a-key-of-mine", **fields) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Something else"},
        {"publish": True},
        {"harms": ["injury"]},
        {"longitude": 20.9},
        {"occurred_from": "2026-11-01"},
        {"place_words": "Kenema"},
    ],
)
def test_the_same_key_with_another_body_is_422_and_gives_no_code_away(
    client: Client, other: dict[str, Any]
) -> None:
    fields: dict[str, Any] = {"harms": ["killing"], "longitude": 20.8, "latitude": -6.4}
    code = send(client, "a-key-of-mine", **fields).json()["follow_up_code"]
    response = send(client, "a-key-of-mine", **{**fields, **other})
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert code not in response.content.decode()
    assert Report.objects.count() == 1


def test_without_a_key_each_is_a_report_of_its_own(client: Client) -> None:
    assert send(client).json()["reference"] != send(client).json()["reference"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": None}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"text": "nul \0"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"text": ["a"]}, "text"),
        ({"longitude": 20}, "latitude"),
        ({"latitude": -6}, "longitude"),
        ({"longitude": 181, "latitude": 0}, "longitude"),
        ({"longitude": 10**400, "latitude": 0}, "longitude"),
        ({"longitude": "nan", "latitude": 0}, "longitude"),
        ({"longitude": 0, "latitude": 0}, "point"),
        ({"harms": ["murder"]}, "harms"),
        ({"harms": "killing"}, "harms"),
        ({"occurred_from": "yesterday"}, "occurred_from"),
        ({"occurred_from": "2999-01-01"}, "occurred_from"),
        ({"occurred_to": "2026-01-01"}, "occurred_from"),
        ({"occurred_from": "2026-02-01", "occurred_to": "2026-01-01"}, "occurred_to"),
        ({"language": "français"}, "language"),
        ({"share": "perhaps"}, "share"),
    ],
)
def test_bad_input_is_400_and_named(client: Client, fields: dict[str, Any], name: str) -> None:
    response = send(client, **fields)
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [wrong["name"] for wrong in response.json()["errors"]] == [name]
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": "caf\xc3\xa9"}', "application/json; charset=rot13", 201),
        (b"text=a", "text/plain", 415),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=x", 400),
        (b"x", "multipart/form-data", 400),
        (b'{"text": "' + b"a" * 400_000 + b'"}', "application/json", 413),
        (b"&".join(b"a%d=1" % number for number in range(2000)), "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_calmly(
    client: Client, body: bytes, content_type: str, status: int
) -> None:
    response = client.generic("POST", REPORTS, body, content_type=content_type)
    assert response.status_code == status
    if status != 201:
        assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("key", ["", "é", "a" * 151, "tab\t"])
def test_a_key_that_cannot_be_is_400(client: Client, key: str) -> None:
    response = client.post(
        REPORTS, {"text": "Water is red"}, headers={"Idempotency-Key": key.encode().decode("latin-1")}
    )
    assert response.status_code == 400
    assert not Report.objects.exists()


def test_fields_that_are_not_taken_are_told(client: Client) -> None:
    assert send(client, photo="x.jpg", occured_from="2026-01-01").json()["not_taken"] == [
        "occured_from",
        "photo",
    ]


def test_a_flood_from_one_address_is_slowed_and_another_address_is_not(
    client: Client, settings: LazySettings
) -> None:
    for _ in range(120):
        client.post(REPORTS, {"text": ""})
    slowed = client.post(REPORTS, {"text": ""}, headers={"X-Forwarded-For": "10.0.0.1"})
    assert slowed.status_code == 429
    assert int(slowed.headers["Retry-After"]) > 0
    assert slowed.headers["Content-Type"] == "application/problem+json"
    assert client.post(REPORTS, {"text": ""}, REMOTE_ADDR="10.0.0.2").status_code == 400
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    told = {"X-Forwarded-For": "127.0.0.1, 10.0.0.3"}
    assert client.post(REPORTS, {"text": ""}, headers=told).status_code == 400


def test_no_csrf_token_is_asked_of_a_program() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(REPORTS, {"text": "Water is red"}).status_code == 201
