import base64
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from impact.sealing import can_open, parse_keys


def test_it_prints_what_a_receiving_host_needs_and_no_more(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = "k:" + base64.b64encode(b"a" * 32 + b"b" * 32).decode()
    out = StringIO()
    call_command("public_keys", stdout=out)
    name, _, value = out.getvalue().strip().partition("=")
    assert name == "HEADLAMP_KEYS"
    assert not parse_keys(value)[0].can_open
    settings.HEADLAMP_KEYS = value
    assert not can_open()


def test_it_refuses_to_part_a_key_of_the_old_form(settings: Settings) -> None:
    settings.HEADLAMP_KEYS = "k:" + base64.b64encode(b"a" * 32).decode()
    with pytest.raises(CommandError, match="rotate_keys"):
        call_command("public_keys")
