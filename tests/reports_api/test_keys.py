"""Keys of programs: made by an administrator, shown once, found by a digest, revoked at once."""

import logging
import re
import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from impact.accounts.administering import AdministrationRefused
from impact.accounts.models import Role, User, default_organisation
from impact.ledger.models import Entry, Kind
from impact.sealing import unseal
from reports_api.keys.authenticating import MOST_WRONG
from reports_api.keys.making import find_key, make_key, revoke_key
from reports_api.models import ApiKey, EarlierSecret, Scope, Webhook
from tests.accounts.signing_in import give_app
from tests.builders import make_organisation, make_user

pytestmark = pytest.mark.django_db

PAGE = "/moderate/people/keys/"
HOOKS = "/api/v1/webhooks/"


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def make(office: Client, **changes: Any) -> Any:
    form = {
        "do": "make",
        "name": "Our map",
        "organisation": default_organisation().pk,
        "scopes": ["webhooks"],
        "days": 90,
        **changes,
    }
    return office.post(PAGE, form)


def token_in(page: Any) -> str:
    found = re.search(r"hl_[a-z2-7]{52}", page.content.decode())
    assert found
    return found.group()


def ask(token: str, scheme: str = "Bearer", **headers: str) -> Any:
    return Client().get(HOOKS, headers={"authorization": f"{scheme} {token}", **headers})


def test_a_key_is_shown_once_and_only_a_digest_is_stored(office: Client) -> None:
    page = make(office)
    token = token_in(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert token not in office.get(PAGE).content.decode()
    stored = str(list(ApiKey.objects.values()))
    assert token not in stored
    assert token.removeprefix("hl_") not in stored
    assert ask(token).status_code == 200
    key = ApiKey.objects.get()
    assert key.last_used_on == timezone.now().date()
    assert abs(key.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)


def test_making_and_revoking_are_rows_in_the_log(office: Client, administrator: User, auditor: User) -> None:
    token = token_in(make(office))
    office.post(PAGE, {"do": "revoke", "row": ApiKey.objects.get().pk})
    office.post(PAGE, {"do": "revoke", "row": ApiKey.objects.get().pk})
    rows = Entry.objects.filter(kind=Kind.SETTING).order_by("sequence")
    assert [row.content.details["what"] for row in rows] == ["key made", "key revoked"]
    assert {row.actor_id for row in rows} == {administrator.pk}
    assert token not in str([row.content.details for row in rows])
    assert ask(token).status_code == 401
    reader = Client()
    reader.force_login(auditor)
    log = reader.get("/moderate/log/").content.decode()
    assert "key made" in log
    assert "key revoked" in log


@pytest.mark.parametrize("days", [0, 366, -1])
def test_it_ends_within_a_year(days: int, office: Client, administrator: User) -> None:
    assert make(office, days=days).status_code == 422
    with pytest.raises(AdministrationRefused):
        make_key(
            by=administrator,
            organisation=default_organisation(),
            name="x",
            scopes=[Scope.WEBHOOKS],
            days=days,
        )
    assert not ApiKey.objects.exists()


def test_an_administrator_makes_and_revokes_for_their_own_organisation_alone(office: Client) -> None:
    key = token_in(make(office))
    theirs = make_user(Role.ADMINISTRATOR, "theirs", organisation=make_organisation())
    other = Client()
    other.force_login(theirs)
    assert "Our map" not in other.get(PAGE).content.decode()
    assert make(other).status_code == 422
    assert other.post(PAGE, {"do": "revoke", "row": ApiKey.objects.get().pk}).status_code == 404
    with pytest.raises(AdministrationRefused):
        revoke_key(by=theirs, key=ApiKey.objects.get())
    assert ask(key).status_code == 200


def test_what_was_not_proven_lately_is_asked_for_again(
    office: Client, administrator: User, settings: Settings
) -> None:
    settings.REAUTHENTICATE_MINUTES = 10
    give_app(administrator)
    session = office.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 3600}]
    session.save()
    answer = make(office)
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("do", ["", "other"])
def test_an_unknown_deed_is_not_there(do: str, office: Client) -> None:
    assert office.post(PAGE, {"do": do, "row": "1"}).status_code == 404


@pytest.mark.parametrize("kind", ["wrong", "expired", "revoked", "basic", "empty", "none"])
def test_a_key_that_opens_nothing_is_401(kind: str, administrator: User) -> None:
    key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    if kind == "expired":
        ApiKey.objects.update(expires_at=timezone.now())
    if kind == "revoked":
        revoke_key(by=administrator, key=key)
    sent = {"wrong": f"Bearer {token[:-1]}_", "basic": f"Basic {token}", "empty": "Bearer "}
    headers = {} if kind == "none" else {"authorization": sent.get(kind, f"Bearer {token}")}
    answer = Client().get(HOOKS, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert token not in answer.content.decode()


def test_a_missing_scope_is_403(administrator: User) -> None:
    key, token = make_key(by=administrator, organisation=default_organisation(), name="ours", scopes=[])
    answer = ask(token)
    assert (answer.status_code, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert "scope" in answer.json()["detail"]
    assert key.scopes == []


def test_guesses_from_one_address_are_stopped_and_others_go_on(administrator: User) -> None:
    _key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    assert [ask(f"hl_{number}").status_code for number in range(MOST_WRONG)] == [401] * MOST_WRONG
    answer = ask("hl_again")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert ask("hl_again", **{"x-forwarded-for": "203.0.113.9"}).status_code == 429, "anyone can write that"
    elsewhere = Client(REMOTE_ADDR="198.51.100.7", headers={"authorization": f"Bearer {token}"})
    assert elsewhere.get(HOOKS).status_code == 200


def test_a_token_is_in_no_log(
    administrator: User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    _key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    ask(token)
    ask(f"{token}x")
    assert token not in caplog.text + "".join(capfd.readouterr())


def test_under_a_new_key_a_program_goes_on_and_the_old_key_is_needed_until_it_came(
    administrator: User, settings: Settings
) -> None:
    _key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    body = '{"url": "https://example.org/", "events": ["incident.published"]}'
    program = Client(headers={"authorization": f"Bearer {token}"})
    made = program.post(HOOKS, body, "application/json").json()
    secret = program.generic("POST", f"{HOOKS}{made['id']}/secret/").json()["secret"]
    old = settings.HEADLAMP_KEYS
    new = "new:" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="  # 32 bytes
    settings.HEADLAMP_KEYS = f"{new},{old}"
    out = StringIO()
    with pytest.raises(CommandError, match="still need the old key"):
        call_command("rotate_keys", stdout=out)
    assert "API keys: 0 changed, 0 current, 1 could not be" in out.getvalue()
    assert "webhook secrets: 2 changed" in out.getvalue()
    assert ask(token).status_code == 200
    call_command("rotate_keys", stdout=StringIO())
    settings.HEADLAMP_KEYS = new
    assert ask(token).status_code == 200, "digested anew when it came"
    assert unseal(Webhook.objects.get().secret_sealed) == secret
    assert unseal(EarlierSecret.objects.get().sealed) == made["secret"]


def test_the_day_of_use_alone_is_noted(administrator: User) -> None:
    _key, token = make_key(
        by=administrator, organisation=default_organisation(), name="ours", scopes=[Scope.WEBHOOKS]
    )
    assert find_key(token) is not None
    ApiKey.objects.update(last_used_on=timezone.now().date() - timedelta(days=1))
    find_key(token)
    assert ApiKey.objects.get().last_used_on == timezone.now().date()
