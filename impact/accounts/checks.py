"""What a relaxed setting would open is found at the start."""

from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(deploy=True)
def check_second_factor(**_options: Any) -> list[checks.CheckMessage]:
    """Without a second factor, a stolen password opens every case of its owner."""
    if settings.REQUIRE_MFA or settings.DEMO:
        return []
    return [
        checks.Warning(
            "HEADLAMP_REQUIRE_MFA is off.",
            hint="Leave it on wherever reports are real: a stolen password is then not enough.",
            id="accounts.W001",
        )
    ]
