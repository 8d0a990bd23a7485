"""What happens to accounts, written into the log: sign-ins good and failed, factors, passwords, roles."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.account.signals import user_logged_in as signed_in
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from impact.accounts.devices import device_words
from impact.accounts.middleware import SEEN_AT
from impact.accounts.models import User
from impact.accounts.second_factor import ENROLLED
from impact.ledger.chain import record
from impact.ledger.models import Kind

NAME_LIMIT = 150
_TRIED_AT_MOST = settings.AXES_FAILURE_LIMIT


@receiver(signed_in)
def record_sign_in(request: HttpRequest, user: User, **_signal: Any) -> None:
    request.session[SEEN_AT] = int(timezone.now().timestamp())
    record(
        Kind.SIGN_IN,
        actor_id=user.pk,
        details={"name": user.username, "device": device_words(request.headers.get("User-Agent", ""))},
    )


@receiver(user_login_failed)
def record_failed_sign_in(
    credentials: dict[str, Any], request: HttpRequest | None = None, **_signal: Any
) -> None:
    """A guess that was tried. One that came while the sign-in was locked was not, and leaves no row."""
    # Axes has counted it already: its receiver is connected by the import above.
    if request is not None and AxesProxyHandler.get_failures(request, credentials) <= _TRIED_AT_MOST:
        name = str(credentials.get("username") or "")[:NAME_LIMIT]
        record(Kind.SIGN_IN_FAILED, actor_id=None, subject=_known(name), details={"name": name})


@receiver(user_locked_out)
def record_lock(request: HttpRequest, username: str | None, **_signal: Any) -> None:
    """That a sign-in was locked: once for each stretch of guessing, at the guess that filled the count."""
    name = str(username or "")[:NAME_LIMIT]
    if AxesProxyHandler.get_failures(request, {"username": username}) == _TRIED_AT_MOST:
        record(Kind.SIGN_IN_LOCKED, actor_id=None, subject=_known(name), details={"name": name})


@receiver(user_logged_out)
def record_sign_out(user: User | None, **_signal: Any) -> None:
    if user is not None:
        record(Kind.SIGN_OUT, actor_id=user.pk, details={"name": user.username})


@receiver(mfa.authenticator_added)
def record_factor_added(
    request: HttpRequest, user: User, authenticator: Authenticator, **_signal: Any
) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[ENROLLED] = int(timezone.now().timestamp())
    _record_factor(user, authenticator, "added")


@receiver(mfa.authenticator_removed)
def record_factor_removed(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    _record_factor(user, authenticator, "removed")


@receiver(mfa.authenticator_reset)
def record_factor_reset(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    _record_factor(user, authenticator, "made anew")


@receiver(mfa.authentication_failed)
def record_failed_factor(user: User, authenticator: Authenticator, **_signal: Any) -> None:
    record(
        Kind.SIGN_IN_FAILED,
        actor_id=None,
        subject=_subject(user),
        details={"name": user.username, "factor": str(authenticator.type)},
    )


@receiver(password_changed)
def record_password(user: User, **_signal: Any) -> None:
    record(Kind.PASSWORD, actor_id=user.pk, subject=_subject(user), details={"what": "changed"})


def _record_factor(user: User, authenticator: Authenticator, what: str) -> None:
    record(
        Kind.SECOND_FACTOR,
        actor_id=user.pk,
        subject=_subject(user),
        details={"factor": str(authenticator.type), "what": what},
    )


def _known(name: str) -> str:
    user = User.objects.filter(username__iexact=name).only("pk").first()
    return _subject(user) if user else ""


def _subject(user: User) -> str:
    return f"user {user.pk}"
