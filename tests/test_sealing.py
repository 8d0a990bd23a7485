import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from impact.sealing import (
    UnsealError,
    can_open,
    fingerprint,
    fingerprints,
    parse_keys,
    seal,
    seal_bytes,
    unseal,
    unseal_bytes,
)

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


def test_it_opens_what_it_sealed_and_says_nothing_in_between() -> None:
    sealed = seal("+243 810 000 001")
    assert unseal(sealed) == "+243 810 000 001"
    assert "810" not in sealed
    assert sealed != seal("+243 810 000 001")


def test_it_opens_old_values_after_a_key_was_added_in_front(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    sealed, digest = seal("a number"), fingerprint("a number", "contact")
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    assert unseal(sealed) == "a number"
    assert fingerprint("a number", "contact") == digest
    assert seal("a number").startswith("new:")


def test_it_refuses_a_foreign_key_and_an_altered_value(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    sealed = seal("a number")
    with pytest.raises(UnsealError):
        unseal(sealed[:-8] + "AAAAAAA=")
    settings.HEADLAMP_KEYS = NEW
    with pytest.raises(UnsealError, match="old"):
        unseal(sealed)


def test_fingerprints_differ_by_purpose_and_by_key(settings: Settings) -> None:
    assert fingerprint("x", "contact") != fingerprint("x", "follow-up code")
    settings.HEADLAMP_KEYS = OLD
    before = fingerprint("x", "contact")
    settings.HEADLAMP_KEYS = NEW
    assert fingerprint("x", "contact") != before


@pytest.mark.parametrize(
    "value", ["", "plain", "k:AAAA", ":" + NEW.partition(":")[2], f"{NEW},{NEW}", "k:***"]
)
def test_it_names_the_setting_and_not_the_key_when_keys_are_wrong(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="HEADLAMP_KEYS") as caught:
        parse_keys(value)
    assert value == "" or value.partition(":")[2] == "" or value.partition(":")[2] not in str(caught.value)


FULL = "full:" + base64.b64encode(b"a" * 32 + b"b" * 32).decode()


def public_form(value: str) -> str:
    return ",".join(key.public_form() for key in parse_keys(value))


def test_a_host_with_the_public_form_seals_and_finds_and_opens_nothing(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = public_form(FULL)
    sealed, sealed_bytes, digest = (
        seal("a number"),
        seal_bytes(b"\0picture"),
        fingerprint("a number", "contact"),
    )
    assert not can_open()
    with pytest.raises(UnsealError, match="not on this host"):
        unseal(sealed)
    with pytest.raises(UnsealError, match="not on this host"):
        unseal_bytes(sealed_bytes)
    settings.HEADLAMP_KEYS = FULL
    assert can_open()
    assert (unseal(sealed), unseal_bytes(sealed_bytes)) == ("a number", b"\0picture")
    assert fingerprint("a number", "contact") == digest


def test_the_public_form_tells_nothing_of_the_private_half() -> None:
    content = base64.b64decode(public_form(FULL).rpartition(":")[2])
    assert b"a" * 32 not in content
    assert parse_keys(FULL)[0].identity() == parse_keys(public_form(FULL))[0].identity()
    with pytest.raises(ValueError, match="old form"):
        public_form(OLD)


def test_a_key_never_shows_itself() -> None:
    shown = repr(parse_keys(f"{FULL},{OLD}"))
    assert "aaaa" not in shown
    assert "oooo" not in shown


def test_a_new_key_in_front_is_written_first_and_the_old_one_still_finds(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = OLD
    before = fingerprint("a number", "contact")
    settings.HEADLAMP_KEYS = f"{NEW},{OLD}"
    assert len(set(fingerprints("a number", "contact"))) == 2
    assert fingerprints("a number", "contact")[1] == before
    settings.HEADLAMP_KEYS = NEW
    assert fingerprint("a number", "contact") == fingerprints("a number", "contact")[0]


def test_sealed_content_of_another_key_is_refused(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = FULL
    sealed = seal_bytes(b"picture")
    with pytest.raises(UnsealError):
        unseal_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    settings.HEADLAMP_KEYS = NEW
    with pytest.raises(UnsealError, match="full"):
        unseal_bytes(sealed)
