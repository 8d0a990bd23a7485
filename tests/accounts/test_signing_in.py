"""Signing in: password, second factor, guesses, sessions; and what of it is in the log."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from impact.accounts.models import User
from impact.accounts.second_factor import MOST_WRONG_CODES
from impact.exports.making import make_ordered
from impact.ledger.guarding import protect_tables, unprotect_tables
from impact.ledger.models import Content, Entry, Kind
from impact.moderation.log import first_broken_entry
from impact.publication.snapshots.taking import take_snapshot
from tests.accounts.signing_in import code, give_app, is_signed_in, sign_in, sign_in_fully
from tests.builders import PASSWORD, make_export, make_moderator

pytestmark = pytest.mark.django_db

QUEUE = "/moderate/"


@pytest.fixture(autouse=True)
def _strict(settings: Settings) -> None:
    settings.REQUIRE_MFA = True
    settings.REAUTHENTICATE_MINUTES = 10


def kinds() -> list[str]:
    return list(Entry.objects.values_list("kind", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_password_alone_opens_only_the_way_to_a_second_factor(client: Client, moderator: User) -> None:
    assert sign_in(client, moderator) == 302
    for address in (QUEUE, reverse("accounts:start"), reverse("accounts:sessions"), reverse("web:exports")):
        answer = client.get(address)
        assert answer.status_code == 302, address
    assert client.get(QUEUE)["Location"] == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10
    assert client.get(QUEUE).status_code == 200
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    assert kinds() == [Kind.SIGN_IN, Kind.SECOND_FACTOR, Kind.SECOND_FACTOR]


def test_who_has_no_passkey_is_asked_for_none(client: Client, moderator: User) -> None:
    give_app(moderator)
    sign_in(client, moderator)
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert "Now the code that your app shows." in page
    assert "Use a passkey" not in page


def test_between_password_and_code_nobody_is_signed_in(client: Client, moderator: User) -> None:
    give_app(moderator)
    assert sign_in(client, moderator) == 302
    assert not is_signed_in(client)
    assert client.get(QUEUE)["Location"].startswith(reverse("accounts:sign_in"))
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not is_signed_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code()}).status_code == 302
    assert client.get(QUEUE).status_code == 200
    assert kinds() == [Kind.SIGN_IN_FAILED, Kind.SIGN_IN]


def test_a_code_is_good_once(moderator: User) -> None:
    give_app(moderator)
    first, second = Client(), Client()
    shown = code()
    sign_in(first, moderator)
    sign_in(second, moderator)
    assert first.post(reverse("mfa_authenticate"), {"code": shown}).status_code == 302
    assert second.post(reverse("mfa_authenticate"), {"code": shown}).status_code == 200
    assert not is_signed_in(second)


@pytest.mark.django_db(transaction=True)
def test_a_session_from_before_the_factor_stays_outside(moderator: User) -> None:
    old, new = Client(), Client()
    sign_in(old, moderator)
    sign_in(new, moderator)
    secret = new.get(reverse("mfa_activate_totp")).context["form"].secret
    new.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert new.get(QUEUE).status_code == 200
    assert old.get(QUEUE).status_code == 302


def test_the_second_factor_of_one_opens_nothing_for_another(client: Client, moderator: User) -> None:
    other = make_moderator("other")
    give_app(moderator)
    sign_in_fully(client, moderator)
    client.force_login(other)
    assert client.get(QUEUE)["Location"] == reverse("mfa_index")


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_works_once(client: Client, moderator: User) -> None:
    sign_in(client, moderator)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    recovery = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]
    again = client.get(reverse("mfa_view_recovery_codes"))
    assert recovery not in again.content.decode()
    for worked in (True, False):
        other = Client()
        sign_in(other, moderator)
        other.post(reverse("mfa_authenticate"), {"code": recovery})
        assert is_signed_in(other) is worked


def guess(client: Client, name: str, number: int, address: str, **headers: str) -> int:
    form = {"username": name, "password": f"guess number {number}"}
    return client.post(
        reverse("accounts:sign_in"), form, REMOTE_ADDR=address, headers=headers or None
    ).status_code


def test_of_forty_guesses_ten_are_tried_and_others_sign_in_meanwhile(moderator: User) -> None:
    """The run of a thousand is bench/guessing.py."""
    other = make_moderator("other")
    client = Client()
    statuses = [
        guess(client, moderator.username, number, "203.0.113.7", X_Forwarded_For=f"198.51.100.{number}")
        for number in range(40)
    ]
    assert statuses == [200] * 9 + [429] * 31
    assert sorted(kinds()) == [*[Kind.SIGN_IN_FAILED] * 10, Kind.SIGN_IN_LOCKED]
    form = {"username": moderator.username, "password": PASSWORD}
    right = Client().post(reverse("accounts:sign_in"), form, REMOTE_ADDR="203.0.113.7")
    assert right.status_code == 429
    neighbour = Client()
    form = {"username": other.username, "password": PASSWORD}
    neighbour.post(reverse("accounts:sign_in"), form, REMOTE_ADDR="203.0.113.7")
    assert is_signed_in(neighbour)
    elsewhere = Client()
    form = {"username": moderator.username, "password": PASSWORD}
    elsewhere.post(reverse("accounts:sign_in"), form, REMOTE_ADDR="192.0.2.99")
    assert is_signed_in(elsewhere)
    assert first_broken_entry() is None


def test_a_name_is_one_name_however_it_is_written_and_a_network_one_address(moderator: User) -> None:
    """The sign-in knows no case, and an IPv6 connection has 2^64 addresses."""
    client = Client()
    written = ("moderator", "Moderator", "MODERATOR", "moDerator", " moderator", "mOderator ", "ｍoderator")
    statuses = [
        guess(client, written[number % len(written)], number, f"2001:db8:1:2::{number:x}")
        for number in range(20)
    ]
    assert statuses == [200] * 9 + [429] * 11
    locked = Client()
    form = {"username": "MODERATOR", "password": PASSWORD}
    answer = locked.post(reverse("accounts:sign_in"), form, REMOTE_ADDR="2001:db8:1:2::ffff")
    assert (answer.status_code, is_signed_in(locked)) == (429, False)
    locked.post(reverse("accounts:sign_in"), form, REMOTE_ADDR="2001:db8:1:3::1")
    assert is_signed_in(locked)
    assert {entry.subject for entry in Entry.objects.filter(kind=Kind.SIGN_IN_FAILED)} <= {
        f"user {moderator.pk}",
        "",
    }


def test_the_count_of_guesses_holds_no_address(moderator: User) -> None:
    guess(Client(), moderator.username, 1, "203.0.113.7")
    guess(Client(), moderator.username, 1, "2001:db8:1:2::7")
    stored = str(list(AccessAttempt.objects.values()))
    assert "203.0.113" not in stored
    assert "2001:db8" not in stored


def test_behind_a_proxy_only_what_the_proxy_adds_counts(moderator: User, settings: Settings) -> None:
    settings.PROXY_COUNT = 1
    client = Client()
    for number in range(12):
        passed = f"198.51.100.{number}, 203.0.113.7"  # the first is the guesser's own invention
        last = guess(client, moderator.username, number, "127.0.0.1", X_Forwarded_For=passed)
    assert last == 429
    assert guess(client, moderator.username, 13, "127.0.0.1", X_Forwarded_For="192.0.2.1") == 200


def test_codes_cannot_be_guessed_for_ever(client: Client, moderator: User) -> None:
    give_app(moderator)
    sign_in(client, moderator)
    for number in range(12):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number % 10}"})
    page = client.post(reverse("mfa_authenticate"), {"code": code()})
    assert page.status_code == 200
    assert not is_signed_in(client)


def test_no_process_forgets_how_many_codes_were_wrong(moderator: User) -> None:
    give_app(moderator)
    for number in range(MOST_WRONG_CODES + 5):
        cache.clear()  # another process, or the same one after a restart
        client = Client()
        sign_in(client, moderator)
        client.post(reverse("mfa_authenticate"), {"code": f"0000{number:02}"})
    assert kinds().count(Kind.SIGN_IN_FAILED) == MOST_WRONG_CODES
    page = client.post(reverse("mfa_authenticate"), {"code": code()}).content.decode()
    assert "somebody has your password" in page
    assert not is_signed_in(client)
    other = make_moderator("other")
    give_app(other)
    sign_in_fully(Client(), other)
    long_ago = timezone.now() - timedelta(days=1, minutes=1)
    unprotect_tables(("update",))
    Entry.objects.update(recorded_at=long_ago)
    protect_tables()
    cache.clear()
    sign_in_fully(client, moderator)
    assert is_signed_in(client)


def test_sessions_are_listed_and_ended(moderator: User) -> None:
    give_app(moderator)
    here, there = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}), Client()
    sign_in_fully(here, moderator)
    sign_in_fully(there, moderator)
    page = here.get(reverse("accounts:sessions")).content.decode()
    assert "Firefox, Windows" in page
    assert not UserSession.objects.filter(ip="127.0.0.1").exists()
    assert here.post(reverse("accounts:sessions")).status_code == 302
    assert there.get(QUEUE).status_code == 302
    assert here.get(QUEUE).status_code == 200
    assert kinds()[-1] == Kind.SESSION_ENDED


def test_nobody_ends_the_session_of_another(client: Client, moderator: User, senior: User) -> None:
    for user in (moderator, senior):
        give_app(user)
    theirs = Client()
    sign_in_fully(theirs, senior)
    sign_in_fully(client, moderator)
    chosen = UserSession.objects.get(user=senior).pk
    assert client.post(reverse("accounts:sessions"), {"session": chosen}).status_code == 404
    assert theirs.get(QUEUE).status_code == 200


def test_a_session_that_nobody_used_ends(
    client: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_app(moderator)
    sign_in_fully(client, moderator)
    assert client.get(QUEUE).status_code == 200
    later = time.time() + 3 * 3600
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get(QUEUE).status_code == 302
    assert not is_signed_in(client)


def test_who_is_signed_in_is_in_the_log_and_a_wrong_name_can_be_erased(client: Client, db: None) -> None:
    client.post(reverse("accounts:sign_in"), {"username": "Zéphyrine", "password": "x"})
    assert Content.objects.get().details == {"name": "Zéphyrine"}
    assert Entry.objects.get().subject == ""


def test_a_closed_account_does_not_sign_in(client: Client, moderator: User) -> None:
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    sign_in(client, moderator)
    assert not is_signed_in(client)


def test_without_the_requirement_a_password_is_enough_and_the_page_says_so(
    client: Client, moderator: User, settings: Settings
) -> None:
    settings.REQUIRE_MFA = False
    assert "asks for no second factor" in client.get(reverse("accounts:sign_in")).content.decode()
    sign_in(client, moderator)
    assert client.get(QUEUE).status_code == 200


def test_nobody_registers(client: Client) -> None:
    for path in ("signup/", "login/", "email/", "password/reset/"):
        assert client.get(f"/accounts/{path}").status_code == 404


def test_an_export_takes_a_fresh_factor_and_is_in_the_log(advocate: User, settings: Settings) -> None:
    give_app(advocate)
    client = Client()
    sign_in_fully(client, advocate)
    export = make_export(advocate, take_snapshot(), data="csv")
    while make_ordered():
        pass
    export.refresh_from_db()
    address = reverse("web:export_file", args=[export.pk, export.files[0]["name"]])
    ordered = kinds().count(Kind.EXPORT)
    assert client.get(address).status_code == 200
    assert kinds()[-1] == Kind.EXPORT
    session = client.session
    for proof in session["account_authentication_methods"]:
        proof["at"] -= 11 * 60
    session.save()
    answer = client.get(address)
    assert answer["Location"].startswith(reverse("mfa_reauthenticate"))
    assert kinds()[-1] == Kind.EXPORT
    assert kinds().count(Kind.EXPORT) == ordered + 1
