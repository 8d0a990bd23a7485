"""What is wrong with the settings of the telephones, found at start and not at the first message."""

from typing import Any

from django.core.checks import CheckMessage, register

from sms_gateway.providers import PROVIDERS


@register
def check_providers(**_: Any) -> list[CheckMessage]:
    """The findings of every provider about its own settings."""
    return [message for provider in PROVIDERS.values() for message in provider.check()]
