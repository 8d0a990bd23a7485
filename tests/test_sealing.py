import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from impact.sealing import UnsealError, fingerprint, parse_keys, seal, unseal

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
