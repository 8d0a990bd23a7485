"""The forms of signing in: allauth's, in our words, and with codes that work once."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django import forms
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.accounts.second_factor import has_too_many_wrong_codes


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name and password. The field for the name is called `username`, as password managers expect it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def add_prefix(self, field_name: str) -> str:
        return "username" if field_name == "login" else str(super().add_prefix(field_name))


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, of somebody without a second factor. Guesses count as at the sign-in."""

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if authenticate(context.request, username=self.user.get_username(), password=password) != self.user:
            raise forms.ValidationError(_("This is not the password of your account."))
        return password


class _OnceOnly:
    """A code of an app opens one door once: the period that it belongs to is kept with the app's secret."""

    def clean_code(self) -> str:
        if has_too_many_wrong_codes(self.user):  # type: ignore[attr-defined]
            raise forms.ValidationError(
                _(
                    "Too many wrong codes within a day. If they were not yours, somebody has your password: "
                    "ask an administrator for a new link."
                )
            )
        code = str(super().clean_code())  # type: ignore[misc]
        authenticator: Authenticator = self.authenticator  # type: ignore[attr-defined]
        if authenticator.type == Authenticator.Type.TOTP and not _first_use(authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceOnly, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class CodeAgainForm(_OnceOnly, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass


def _first_use(authenticator: Authenticator, code: str) -> bool:
    # The library remembers used codes in a cache, which each process has for itself.
    secret = decrypt(authenticator.data["secret"])
    wanted = normalize_user_code(code)
    matching = [
        counter
        for counter in yield_hotp_counters_from_time()
        if format_hotp_value(hotp_value(secret, counter)) == wanted
    ]
    with transaction.atomic():
        stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        if not matching or max(matching) <= stored.data.get("last_period", 0):
            return False
        stored.data["last_period"] = max(matching)
        stored.save(update_fields=["data"])
    return True


class ChoosePasswordForm(forms.Form):
    """The first password of somebody who was invited, or a new one."""

    password = forms.CharField(
        label=_("New password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("At least 12 characters. A few words that only you would put together are good."),
    )
    again = forms.CharField(
        label=_("Once more"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.user = user

    def clean(self) -> dict[str, Any]:
        from django.contrib.auth.password_validation import validate_password

        given: dict[str, Any] = super().clean() or {}
        if given.get("password") and given.get("password") != given.get("again"):
            self.add_error("again", _("The two are not the same."))
        elif given.get("password"):
            try:
                validate_password(given["password"], self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given
