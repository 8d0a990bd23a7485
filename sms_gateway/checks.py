"""What is wrong with the settings of the telephones, found at start and not at the first message."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning

from sms_gateway.conversation.silence import unknown_silences
from sms_gateway.providers import KINDS, PROVIDERS


@register
def check_providers(**_: Any) -> list[CheckMessage]:
    """The findings of every provider about its own settings."""
    return [message for provider in PROVIDERS.values() for message in provider.check()]


@register
def check_lines(**_: Any) -> list[CheckMessage]:
    """A line that no provider can serve would lose what is sent to it."""
    return [
        Error(
            f"HEADLAMP_SMS_LINES: {name} is not a line.",
            hint=f"The name of a provider, and a hyphen: kannel-sl. Providers: {', '.join(KINDS)}.",
            id="headlamp.E107",
        )
        for name in settings.SMS_LINES
        if name not in PROVIDERS or not re.fullmatch(r"[a-z_]+-[a-z0-9]+", name)
    ]


@register
def check_silence(**_: Any) -> list[CheckMessage]:
    """A silence that names nothing would let the line speak where it must not."""
    return [
        Error(
            f"HEADLAMP_SMS_SILENT: {entry} is neither a line nor a country.",
            hint="Name a line (twilio), a country (CD), or both (twilio:CD).",
            id="headlamp.E108",
        )
        for entry in unknown_silences(set(PROVIDERS))
    ]


@register
def check_patience(**_: Any) -> list[CheckMessage]:
    """A question that waits for no time at all can never be answered."""
    return [
        Error(f"HEADLAMP_{name} must be 1 or more.", id="headlamp.E109")
        for name in ("SMS_DIALOGUE_MINUTES", "SMS_ADDITION_MINUTES", "SMS_QUESTION_DAYS")
        if getattr(settings, name) < 1
    ]


@register
def check_sender_names(**_: Any) -> list[CheckMessage]:
    """A name instead of a number stands on the phone of whoever reported: it must not say what for."""
    return [
        CheckWarning(
            f"{line.variable(setting.name)} is a sender name that tells what the line is for.",
            hint="It stands on the reporter's phone. Use a number, or a name that says nothing.",
            id="headlamp.W110",
        )
        for line in PROVIDERS.values()
        for setting in line.all_settings()
        if setting.name in _SENDER_SETTINGS and _TELLING.search(line.setting(setting.name))
    ]


_SENDER_SETTINGS = {"FROM", "SENDER", "SENDER_ID", "SHORT_CODE"}
_TELLING = re.compile(
    r"headlamp|report|alert|incident|min(?:e|ing|a|es|as)\b|diamond|gold|kimberley|rights|droits|direitos"
    r"|haki|ngo|ong|abuse|violence|safe",
    re.IGNORECASE,
)
