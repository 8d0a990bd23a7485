"""What is wrong with how mail leaves, found at start and not at the first letter."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register  # noqa: A004

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@register
def check_mail(**_: Any) -> list[CheckMessage]:
    """Mail through a server elsewhere is to be encrypted: it says who reads about which country."""
    is_plain = not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if settings.EMAIL_IS_ON and settings.EMAIL_HOST not in {"", *_THIS_MACHINE} and is_plain:
        return [
            Warning(
                "HEADLAMP_EMAIL_URL sends mail and password unencrypted to another machine.",
                hint="Use smtp+tls:// or smtp+ssl://.",
                id="headlamp.W001",
            )
        ]
    return []
