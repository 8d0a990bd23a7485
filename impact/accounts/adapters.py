"""How allauth behaves here: nobody registers, secrets are sealed, addresses come from our proxies."""

import hashlib
from base64 import b64decode, b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from nacl.secret import SecretBox

from impact.accounts.addresses import client_address
from impact.accounts.second_factor import is_fresh

_WRONG_CODE = _("This code is not right, or was used before. An app shows a new one every half minute.")
_TOO_MANY = _("Too many attempts. Wait five minutes.")


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name and the password do not belong together."),
        "too_many_login_attempts": _TOO_MANY,
        "enter_current_password": _("This is not the password of your account."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes counts guesses, in the database, where all processes see them."""

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, str]]:
        """Whoever has a second factor proves who they are by it, and not by the password alone."""
        methods = super().get_reauthentication_methods(user)
        by_factor = [method for method in methods if method["id"] != "reauthenticate"]
        return by_factor or methods

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not is_fresh(self.request)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the log holds what happened to an account, and mail may be read by others."""


class StaffMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": _WRONG_CODE}

    def encrypt(self, text: str) -> str:
        return b64encode(_box().encrypt(text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(b64decode(encrypted_text)).decode()

    def get_totp_issuer(self) -> str:
        return "Headlamp"


def _box() -> SecretBox:
    # Not sealed as contacts are: the process that serves pages has to open these, and may lack those keys.
    key = hashlib.blake2b(b"second factor", key=settings.SECRET_KEY.encode()[:64], digest_size=32)
    return SecretBox(key.digest())
