"""The settings that a provider declares: read from the environment, unknown to settings.py."""

import os
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of a provider: `name` comes after the line's own (KANNEL and SENDSMS_URL).

    `is_needed`: without it the line does not work. `is_secret`: never shown, only that it is there.
    A value has to match `pattern` in whole; `shape` says that pattern to people.
    """

    name: str
    meaning: str
    default: str = ""
    is_needed: bool = False
    is_secret: bool = False
    pattern: str = ""
    shape: str = ""


def variable(line: str, name: str) -> str:
    """The environment variable of a setting: ("kannel-sl", "COUNTRY") is KANNEL_SL_COUNTRY."""
    return f"{line.replace('-', '_').upper()}_{name}"


def declared_value(line: str, setting: Setting) -> str:
    """The value: Django's settings, where a test or a site put it, go before the environment."""
    name = variable(line, setting.name)
    value = getattr(settings, name, None)
    return str(value if value is not None else os.environ.get(name, setting.default)).strip()
