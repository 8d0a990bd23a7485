"""People at the sign-in: what a browser would send."""

import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from impact.accounts.models import User
from tests.builders import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(user: User) -> None:
    """An app with codes, as if it had been set up earlier."""
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(SECRET)}
    )


def code(secret: str = SECRET, periods: int = 0) -> str:
    """What the app shows now, or `periods` of 30 seconds later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods)))


def sign_in(client: Client, user: User, password: str = PASSWORD, **headers: str) -> int:
    """The first step; returns the status."""
    form = {"username": user.username, "password": password}
    return client.post(reverse("accounts:sign_in"), form, headers=headers or None).status_code


def sign_in_fully(client: Client, user: User) -> None:
    """Password and a code that was not used before."""
    assert sign_in(client, user) == 302
    used = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data.get("last_period", 0)
    ahead = max(0, used + 1 - int(time.time()) // 30)
    assert client.post(reverse("mfa_authenticate"), {"code": code(periods=ahead)}).status_code == 302


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
