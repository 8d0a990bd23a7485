"""Webhooks: what is told and to whom, how it is signed, what goes wrong there, and where we never call."""

import base64
import hashlib
import hmac
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from impact.accounts.models import User, default_organisation
from impact.incidents.models import Incident
from impact.ledger.models import Entry, Kind
from impact.moderation.deciding import verify_incident
from impact.publication.models import PublishedIncident
from impact.publication.publishing import publish_due, publish_incident, retract_incident
from impact.sealing import unseal
from reports_api.hooks import posting
from reports_api.hooks.delivering import GIVEN_UP_AFTER, LEASE, OFF_AFTER, deliver_due
from reports_api.hooks.doctor import doctor_lines
from reports_api.hooks.keeping import forget_deliveries, forget_secrets
from reports_api.hooks.signing import signed_headers
from reports_api.keys.making import make_key, revoke_key
from reports_api.models import ApiKey, Scope, Webhook, WebhookDelivery
from tests.builders import make_incident, make_organisation
from tests.internet import MALFORMED, PRIVATE, PUBLIC, dns, silent_dns
from tests.reports_api.receiving import Receiver, make_certificate, receiver_running

pytestmark = pytest.mark.django_db

HOOKS = "/api/v1/webhooks/"


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    settings.DEMO = True  # http on this machine is let through for tries alone
    with receiver_running() as running:
        yield running


@pytest.fixture
def program(administrator: User) -> Client:
    """The program of a partner, with its key."""
    return program_of(administrator, default_organisation())


def program_of(administrator: User, organisation: Any) -> Client:
    _key, token = make_key(by=administrator, organisation=organisation, name="ours", scopes=[Scope.WEBHOOKS])
    return Client(headers={"authorization": f"Bearer {token}"})


def add(program: Client, url: str, *events: str) -> dict[str, Any]:
    body = {"url": url, "events": list(events or ("incident.published", "incident.retracted"))}
    answer = program.post(HOOKS, json.dumps(body), "application/json")
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def publish(incident: Incident, moderator: User, text: str = "Two people were killed.") -> PublishedIncident:
    if incident.verification != "verified":
        incident = verify_incident(
            incident=incident, moderator=moderator, reason="seen", expected_version=incident.version
        )
    return publish_incident(
        incident=incident, moderator=moderator, text=text, reason="safe", expected_version=incident.version
    )


def retract(incident: Incident, moderator: User) -> None:
    incident.refresh_from_db()
    retract_incident(
        incident=incident, moderator=moderator, reason="in danger", expected_version=incident.version
    )


def later(**passed: float) -> Any:
    return timezone.now() + timedelta(**passed)


def test_it_tells_the_public_record_signed_as_the_standard_says(
    program: Client, receiver: Receiver, second_moderator: User, client: Client
) -> None:
    made = add(program, receiver.url)
    published = publish(make_incident(), second_moderator)
    assert deliver_due() == 1
    ((headers, body),) = receiver.received
    said = json.loads(body)
    assert said["type"] == "incident.published"
    assert said["data"] == client.get(f"/api/v1/incidents/{published.pk}/").json()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["content-type"] == "application/json"
    told = program.get(f"{HOOKS}{made['id']}/").json()
    assert [(row["state"], row["status"]) for row in told["deliveries"]] == [("delivered", 200)]
    assert "secret" not in told
    assert deliver_due(later(hours=3)) == 0, "told once"


def test_the_vector_of_the_standard_is_signed_as_there() -> None:
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_of_a_retraction_it_tells_the_id_and_the_moment_alone(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url, "incident.retracted")
    incident = make_incident()
    published = publish(incident, second_moderator)
    retract(incident, second_moderator)
    assert deliver_due() == 1
    said = json.loads(receiver.received[0][1])
    assert said["type"] == "incident.retracted"
    assert set(said["data"]) == {"id", "retracted_at"}
    assert said["data"]["id"] == str(published.pk)
    assert str(incident.pk) not in receiver.received[0][1].decode()


def test_what_was_taken_back_before_it_was_told_is_never_sent(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    incident = make_incident()
    publish(incident, second_moderator)
    retract(incident, second_moderator)
    assert deliver_due() == 1
    assert [json.loads(body)["type"] for _headers, body in receiver.received] == ["incident.retracted"]
    assert sorted(WebhookDelivery.objects.values_list("state", flat=True)) == ["delivered", "withdrawn"]


def test_a_retraction_of_what_is_public_again_is_not_sent(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    incident = make_incident()
    publish(incident, second_moderator)
    retract(incident, second_moderator)
    incident.refresh_from_db()
    publish(incident, second_moderator, "Two people died.")
    deliver_due()
    assert {json.loads(body)["type"] for _headers, body in receiver.received} == {"incident.published"}
    assert {json.loads(body)["data"]["text"] for _headers, body in receiver.received} == {"Two people died."}


def test_a_case_that_is_told_in_counts_only_is_no_event(
    program: Client, receiver: Receiver, second_senior: User
) -> None:
    add(program, receiver.url)
    incident = make_incident(harms=("sexual_violence",))
    publish(incident, second_senior)
    retract(incident, second_senior)
    assert not WebhookDelivery.objects.exists()
    assert deliver_due() == 0


def test_nothing_is_told_before_its_day(
    program: Client, receiver: Receiver, second_moderator: User, settings: Settings
) -> None:
    settings.PUBLICATION_DELAY_DAYS = 7
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    assert deliver_due() == 0
    assert publish_due(later(days=30)) == 1
    assert deliver_due() == 1


def test_a_publication_that_is_rolled_back_leaves_no_event(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    with transaction.atomic():
        publish(make_incident(), second_moderator)
        assert WebhookDelivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_of_two_workers_one_delivers(
    program: Client, receiver: Receiver, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    stale = list(WebhookDelivery.objects.select_related("webhook"))
    assert deliver_due() == 1
    monkeypatch.setattr("reports_api.hooks.delivering._due", lambda _now: iter(stale))
    assert deliver_due() == 0, "the second had read the row before the first claimed it"
    assert len(receiver.received) == 1


def test_a_worker_that_died_leaves_its_delivery_to_the_next(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    WebhookDelivery.objects.update(state="delivering", attempts=1, attempt_after=timezone.now() + LEASE)
    assert deliver_due() == 0
    assert deliver_due(timezone.now() + LEASE + timedelta(seconds=1)) == 1
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_failure_is_tried_again_after_growing_waits_with_the_same_id(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    made = add(program, receiver.url)
    publish(make_incident(), second_moderator)
    receiver.status = 500
    assert deliver_due() == 1
    assert deliver_due() == 0, "not at once"
    told = program.get(f"{HOOKS}{made['id']}/").json()
    assert (told["last_error"], told["deliveries"][0]["state"]) == ("status 500", "queued")
    assert told["failing_since"] is not None
    waits = []
    for _try in range(4):
        due = WebhookDelivery.objects.get().attempt_after
        waits.append(due - timezone.now())
        assert deliver_due(max(due, Webhook.objects.get().rests_until or due) + timedelta(seconds=1)) == 1
    assert waits == sorted(waits)
    receiver.status = 204
    assert deliver_due(later(days=1)) == 1
    assert len({headers["webhook-id"] for headers, _body in receiver.received}) == 1
    told = program.get(f"{HOOKS}{made['id']}/").json()
    assert (told["last_error"], told["failing_since"], told["deliveries"][0]["attempts"]) == ("", None, 6)


def test_one_that_fails_does_not_hold_up_the_others_of_its_webhook(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    for _number in range(5):
        publish(make_incident(), second_moderator)
    receiver.status = 503
    assert deliver_due() == 5
    assert deliver_due(later(seconds=40)) <= 1, "of a receiver that is down, one at a time"


def test_after_two_days_it_is_given_up(program: Client, receiver: Receiver, second_moderator: User) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    receiver.status = 500
    deliver_due()
    assert deliver_due(timezone.now() + GIVEN_UP_AFTER + timedelta(minutes=1)) == 0
    assert WebhookDelivery.objects.get().state == "failed"
    assert len(receiver.received) == 1


def test_410_ends_the_webhook(program: Client, receiver: Receiver, second_moderator: User) -> None:
    made = add(program, receiver.url)
    publish(make_incident(), second_moderator)
    publish(make_incident(), second_moderator)
    receiver.status = 410
    deliver_due()
    told = program.get(f"{HOOKS}{made['id']}/").json()
    assert (told["is_active"], told["ended_because"]) == (False, "gone")
    assert {row["state"] for row in told["deliveries"]} == {"failed"}
    publish(make_incident(), second_moderator)
    assert WebhookDelivery.objects.count() == 2, "and hears nothing any more"


def test_one_that_fails_for_days_is_switched_off_and_its_page_says_so(
    program: Client, receiver: Receiver, second_moderator: User, administrator: User
) -> None:
    made = add(program, receiver.url)
    Webhook.objects.update(failing_since=timezone.now() - OFF_AFTER, failures=20)
    receiver.status = 500
    publish(make_incident(), second_moderator)
    deliver_due()
    assert program.get(f"{HOOKS}{made['id']}/").json()["is_active"], (
        "a first slip after days of nothing to tell"
    )
    for hours in (1, 3, 6):
        deliver_due(later(hours=hours))
    assert program.get(f"{HOOKS}{made['id']}/").json()["ended_because"] == "failing"
    office = Client()
    office.force_login(administrator)
    page = office.get("/moderate/people/keys/").content.decode()
    assert "switched off" in page
    assert "who=partner" not in page, "the path can be a secret"
    back = program.patch(f"{HOOKS}{made['id']}/", '{"is_active": true}', "application/json").json()
    assert (back["is_active"], back["ended_because"], back["failing_since"]) == (True, "", None)


def test_a_redirect_is_not_followed(program: Client, receiver: Receiver, second_moderator: User) -> None:
    with receiver_running() as inner:
        add(program, receiver.url)
        publish(make_incident(), second_moderator)
        receiver.status, receiver.location = 307, inner.url
        deliver_due()
        assert inner.received == []
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.status, delivery.error) == ("queued", 307, "redirect, not followed")


@pytest.mark.parametrize("how", ["silent", "dripping"])
def test_a_slow_receiver_is_left_when_its_time_is_over(
    how: str, program: Client, receiver: Receiver, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LIMIT_S", 0.4)  # of ten seconds
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    receiver.drips = how == "dripping"
    receiver.delay_s = 1.0 if how == "silent" else 0.0
    deliver_due()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.error) == ("queued", "too slow")


def test_a_dns_that_does_not_say_is_within_the_time(
    program: Client, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "LIMIT_S", 0.3)
    add(program, "https://hooks.example.org/")
    publish(make_incident(), second_moderator)
    with silent_dns(monkeypatch):
        began = time.monotonic()
        deliver_due()
        assert time.monotonic() - began < 5, "of a name server that would take a minute"
    assert WebhookDelivery.objects.get().error == "too slow"


def test_a_receiver_that_is_not_there_is_an_error_of_its_kind(
    program: Client, second_moderator: User, settings: Settings
) -> None:
    settings.DEMO = True
    with receiver_running() as gone:
        add(program, gone.url)
    publish(make_incident(), second_moderator)
    deliver_due()
    assert WebhookDelivery.objects.get().error == "not reached"


@pytest.mark.parametrize("url", [*PRIVATE, *MALFORMED])
def test_an_address_that_leads_inside_or_nowhere_is_not_called(url: str, settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    assert posting.post(url, b"{}", {}).error == "unsafe address"


def test_such_an_address_is_refused_when_it_is_given_and_when_it_is_changed(program: Client) -> None:
    made = add(program, "https://example.org/")
    body = json.dumps({"url": PRIVATE[0], "events": ["incident.published"]})
    for answer in (
        program.post(HOOKS, body, "application/json"),
        program.patch(f"{HOOKS}{made['id']}/", body, "application/json"),
    ):
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
        assert [wrong["name"] for wrong in answer.json()["errors"]] == ["url"]
    assert Webhook.objects.get().url == "https://example.org/"


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        [PUBLIC, "192.168.0.1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1%eth0"],
        ["100.99.1.1"],
    ],
    ids=str,
)
def test_a_name_that_stands_for_anything_inside_is_not_called(
    found: list[str], program: Client, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(program, "https://hooks.example.org/")
    publish(make_incident(), second_moderator)
    dns(monkeypatch, found)
    called: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda *where, **_more: called.append(where))
    deliver_due()
    assert called == []
    assert WebhookDelivery.objects.get().error == "unsafe address"


def test_the_dns_is_asked_once_and_the_call_goes_to_what_it_said(
    program: Client, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(program, "https://hooks.example.org:8443/")
    publish(make_incident(), second_moderator)
    asked = dns(monkeypatch, [PUBLIC], ["127.0.0.1"])  # a second answer would lead inside
    called: list[Any] = []

    def refuse(where: tuple[str, int], *_more: Any) -> None:
        called.append(where)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    deliver_due()
    assert (asked, called) == (["hooks.example.org"], [(PUBLIC, 8443)])


def test_http_to_this_machine_ends_with_the_demo(
    program: Client, receiver: Receiver, second_moderator: User, settings: Settings
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    settings.DEMO = settings.DEBUG = False
    deliver_due()
    assert receiver.received == []
    assert WebhookDelivery.objects.get().error == "unsafe address"


@pytest.mark.parametrize(
    ("name", "is_trusted", "error"),
    [
        ("hooks.example.org", True, ""),
        ("hooks.example.org", False, "certificate or TLS"),
        ("other.example.org", True, "certificate or TLS"),
    ],
)
def test_the_certificate_is_that_of_the_name_though_the_call_is_pinned(
    name: str, is_trusted: bool, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate) if is_trusted else "/dev/null")
    dns(monkeypatch, [PUBLIC])
    connect = socket.create_connection
    with receiver_running(certificate) as receiver:
        here = ("127.0.0.1", receiver.server.server_port)  # where the open Internet is for this test
        monkeypatch.setattr(socket, "create_connection", lambda _where, limit: connect(here, limit))
        assert posting.post("https://hooks.example.org/x", b"{}", {}).error == error
        assert [headers["host"] for headers, _body in receiver.received] == ["hooks.example.org"][: not error]


def test_one_organisation_never_sees_the_webhooks_of_another(
    program: Client, administrator: User, receiver: Receiver
) -> None:
    made = add(program, receiver.url)
    other = program_of(administrator, make_organisation())
    address = f"{HOOKS}{made['id']}/"
    assert other.get(HOOKS).json()["count"] == 0
    assert [
        other.get(address).status_code,
        other.patch(address, "{}", "application/json").status_code,
        other.delete(address).status_code,
        other.post(f"{address}test/").status_code,
        other.generic("POST", f"{address}secret/").status_code,
    ] == [404] * 5
    assert Webhook.objects.filter(pk=made["id"]).exists()


def test_a_test_event_tells_nothing_and_asks_for_an_active_webhook(
    program: Client, receiver: Receiver
) -> None:
    made = add(program, receiver.url)
    address = f"{HOOKS}{made['id']}/"
    answer = program.post(f"{address}test/")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    deliver_due()
    headers, body = receiver.received[0]
    assert headers["webhook-id"] == answer.json()["webhook_id"]
    assert json.loads(body)["data"] == {"webhook": made["id"]}
    program.patch(address, '{"is_active": false}', "application/json")
    assert program.get(address).json()["ended_because"] == "paused"
    assert program.post(f"{address}test/").status_code == 409
    assert program.delete(address).status_code == 204
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "url"),
        ({"url": "https://example.org/", "events": []}, "events"),
        ({"url": "https://example.org/", "events": ["incident.reported"]}, "events"),
        ({"url": "https://example.org/", "events": ["incident.published"], "secret": "mine"}, "secret"),
        ([1], "body"),
    ],
    ids=str,
)
def test_a_body_that_cannot_be_is_400_and_named(body: Any, name: str, program: Client) -> None:
    answer = program.post(HOOKS, json.dumps(body), "application/json")
    assert answer.status_code == 400
    assert name in [wrong["name"] for wrong in answer.json()["errors"]]


def test_a_body_that_is_too_large_is_413(program: Client) -> None:
    assert program.post(HOOKS, json.dumps({"url": "x" * 20_000}), "application/json").status_code == 413


def test_an_organisation_has_so_many_and_no_more(program: Client) -> None:
    for _number in range(20):
        add(program, "https://example.org/")
    body = {"url": "https://example.org/", "events": ["incident.published"]}
    assert program.post(HOOKS, json.dumps(body), "application/json").status_code == 409


def test_old_deliveries_are_forgotten_and_what_waits_is_not(
    program: Client, receiver: Receiver, second_moderator: User, capsys: pytest.CaptureFixture[str]
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    deliver_due()
    publish(make_incident(), second_moderator)
    WebhookDelivery.objects.update(made_at=timezone.now() - timedelta(days=29))
    assert forget_deliveries() == 0
    WebhookDelivery.objects.update(made_at=timezone.now() - timedelta(days=31))
    call_command("purge_expired")
    assert "1 webhook deliveries erased" in capsys.readouterr().out
    assert [row.state for row in WebhookDelivery.objects.all()] == ["queued"]


def test_neither_address_nor_secret_nor_answer_is_in_logs_or_rows(
    program: Client, receiver: Receiver, second_moderator: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = add(program, receiver.url)
    publish(make_incident(), second_moderator)
    receiver.status = 500
    deliver_due()
    kept = str(list(WebhookDelivery.objects.values())) + str(list(Webhook.objects.values("secret_sealed")))
    for secret in (made["secret"], "who=partner", "nothing to us"):
        assert secret not in caplog.text + kept


def test_a_webhook_outlives_the_end_of_its_key_and_an_administrator_removes_it(
    program: Client, receiver: Receiver, second_moderator: User, administrator: User
) -> None:
    made = add(program, receiver.url)
    ApiKey.objects.update(expires_at=timezone.now())
    publish(make_incident(), second_moderator)
    assert deliver_due() == 1
    office = Client()
    office.force_login(administrator)
    office.post("/moderate/people/keys/", {"do": "remove", "row": made["id"]})
    assert not Webhook.objects.exists()


def test_revoking_a_key_stops_what_it_set_up_and_nothing_else(
    program: Client, receiver: Receiver, second_moderator: User, administrator: User
) -> None:
    made = add(program, receiver.url)
    other = program_of(administrator, default_organisation())
    kept = add(other, "https://other.example.org/")
    publish(make_incident(), second_moderator)
    office = Client()
    office.force_login(administrator)
    page = office.get("/moderate/people/keys/").content.decode()
    assert "Revoking it also stops what is sent to 127.0.0.1." in page, "said before the button is pressed"
    assert "who=partner" not in page
    key = Webhook.objects.get(pk=made["id"]).made_with
    office.post("/moderate/people/keys/", {"do": "revoke", "row": key.pk})
    told = other.get(f"{HOOKS}{made['id']}/").json()
    assert (told["is_active"], told["ended_because"]) == (False, "revoked")
    assert [row["state"] for row in told["deliveries"]] == ["withdrawn"]
    assert Webhook.objects.get(pk=kept["id"]).is_active
    assert (
        "stopped: the key that set it up was revoked" in office.get("/moderate/people/keys/").content.decode()
    )
    logged = Entry.objects.filter(kind=Kind.SETTING).order_by("sequence").last()
    assert logged is not None
    assert (logged.content.details["what"], logged.actor_id) == ("webhook stopped", administrator.pk)
    assert logged.subject == f"webhook {made['id']}"
    deliver_due()
    assert receiver.received == []


@pytest.mark.parametrize("change", ['{"is_active": true}', '{"url": "https://ours.example.org/"}'])
def test_what_another_key_has_begun_anew_or_sent_elsewhere_is_that_key_s(
    change: str, program: Client, administrator: User
) -> None:
    made = add(program, "https://example.org/")
    first = ApiKey.objects.get()
    other = program_of(administrator, default_organisation())
    if "is_active" in change:
        other.patch(f"{HOOKS}{made['id']}/", '{"is_active": false}', "application/json")
    assert Webhook.objects.get().made_with == first
    other.patch(f"{HOOKS}{made['id']}/", change, "application/json")
    revoke_key(by=administrator, key=first)
    assert Webhook.objects.get().is_active
    revoke_key(by=administrator, key=Webhook.objects.get().made_with)
    assert Webhook.objects.get().ended_because == "revoked"


@pytest.mark.parametrize("ask", ["add", "change", "renew"])
def test_a_program_sets_nothing_up_while_its_key_is_being_revoked(
    ask: str, program: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = add(program, "https://example.org/")
    stale = ApiKey.objects.select_related("organisation").get()
    revoke_key(by=administrator, key=stale)
    monkeypatch.setattr(
        "reports_api.keys.authenticating.find_key", lambda _token: stale
    )  # read before it was
    body = '{"url": "https://example.org/", "events": ["incident.published"]}'
    answer = {
        "add": lambda: program.post(HOOKS, body, "application/json"),
        "change": lambda: program.patch(f"{HOOKS}{made['id']}/", body, "application/json"),
        "renew": lambda: program.generic("POST", f"{HOOKS}{made['id']}/secret/"),
    }[ask]()
    assert answer.status_code == 401
    assert not Webhook.objects.filter(is_active=True).exists()


def signatures(secrets: list[str], headers: dict[str, str], body: bytes) -> str:
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    keys = [base64.b64decode(secret.removeprefix("whsec_")) for secret in secrets]
    made = [base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    return " ".join(f"v1,{signature}" for signature in made)


def test_a_secret_is_renewed_in_place_and_the_one_before_signs_beside_it_for_a_day(
    program: Client, receiver: Receiver
) -> None:
    made = add(program, receiver.url)
    answer = program.generic("POST", f"{HOOKS}{made['id']}/secret/")
    assert answer.status_code == 201
    renewed = answer.json()
    assert (renewed["id"], renewed["url"]) == (made["id"], made["url"])
    assert renewed["secret"] != made["secret"]
    until = datetime.fromisoformat(renewed["earlier_secret_until"])
    assert abs(until - later(hours=24)) < timedelta(minutes=1)
    program.post(f"{HOOKS}{made['id']}/test/")
    deliver_due()
    headers, body = receiver.received[0]
    assert headers["webhook-signature"] == signatures([renewed["secret"], made["secret"]], headers, body)
    program.post(f"{HOOKS}{made['id']}/test/")
    deliver_due(until + timedelta(seconds=1))
    headers, body = receiver.received[1]
    assert headers["webhook-signature"] == signatures([renewed["secret"]], headers, body)
    assert forget_secrets(until + timedelta(seconds=1)) == 1
    assert "secret" not in program.get(f"{HOOKS}{made['id']}/").json()
    logged = Entry.objects.filter(kind=Kind.SETTING).order_by("sequence").last()
    assert logged is not None
    assert logged.content.details["what"] == "webhook secret renewed"
    assert renewed["secret"] not in str(logged.content.details)


def test_an_answer_that_got_lost_costs_no_delivery(program: Client, receiver: Receiver) -> None:
    made = add(program, receiver.url)
    address = f"{HOOKS}{made['id']}/secret/"
    told = [program.post(address, '{"overlap_hours": 2}', "application/json").json() for _try in range(4)]
    program.post(f"{HOOKS}{made['id']}/test/")
    deliver_due()
    headers, body = receiver.received[0]
    assert len(headers["webhook-signature"].split()) == 5
    assert signatures([made["secret"]], headers, body) in headers["webhook-signature"], "what it knows"
    assert program.generic("POST", address).status_code == 409
    leaked = program.post(address, '{"overlap_hours": 0}', "application/json").json()
    assert leaked["earlier_secret_until"] is None
    program.post(f"{HOOKS}{made['id']}/test/")
    deliver_due()
    headers, body = receiver.received[1]
    assert headers["webhook-signature"] == signatures([leaked["secret"]], headers, body)
    assert len({row["secret"] for row in told}) == 4


@pytest.mark.parametrize("body", ['{"overlap_hours": 169}', '{"overlap_hours": -1}', '{"secret": "mine"}'])
def test_how_a_secret_is_renewed_is_named_where_it_cannot_be(body: str, program: Client) -> None:
    made = add(program, "https://example.org/")
    answer = program.post(f"{HOOKS}{made['id']}/secret/", body, "application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["name"] in body
    assert unseal(Webhook.objects.get().secret_sealed) == made["secret"]


def test_a_host_without_the_private_keys_leaves_delivery_to_a_worker_elsewhere(
    program: Client, receiver: Receiver, second_moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    monkeypatch.setattr("reports_api.hooks.delivering.can_open", lambda: False)
    assert deliver_due() == 0
    assert receiver.received == []


def test_the_doctor_says_what_waits_and_what_fails(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    publish(make_incident(), second_moderator)
    receiver.status = 500
    deliver_due()
    assert list(doctor_lines()) == [
        ("API keys", "1 in use", False),
        ("webhooks", "1 active, 1 of them failing, 0 off; 1 deliveries wait", False),
    ]


def test_a_session_of_staff_opens_nothing(administrator: User) -> None:
    client = Client()
    client.force_login(administrator)
    assert client.get(HOOKS).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_deliver_each_event_once(
    program: Client, receiver: Receiver, second_moderator: User
) -> None:
    add(program, receiver.url)
    for _number in range(12):
        publish(make_incident(), second_moderator)
    begin = threading.Barrier(4)

    def work() -> None:
        begin.wait()
        try:
            while deliver_due():
                pass
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    told = [headers["webhook-id"] for headers, _body in receiver.received]
    assert (len(told), len(set(told))) == (12, 12)
    assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"delivered"}
