"""Whether a session has passed a second factor, and how lately."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from impact.accounts.models import User
from impact.ledger.models import Entry, Kind

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

MOST_WRONG_CODES = 30  # of a million, in a day; three are right at any time
ENROLLED = "second_factor_enrolled_at"
_A_DAY = timedelta(days=1)
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    """Whether a user has an app or a key set up. Recovery codes alone are none."""
    return bool(Authenticator.objects.filter(user=user, type__in=_FACTORS).exists())


def has_too_many_wrong_codes(user: User) -> bool:
    """Whether so many wrong codes were given for somebody within a day that they are guesses.

    Whoever gives one has the password already. Counted in the log, which all processes share and which no
    restart empties; the library's own pause after ten counts in each process for itself.
    """
    wrong = Entry.objects.filter(
        kind=Kind.SIGN_IN_FAILED,
        subject=f"user {user.pk}",
        recorded_at__gte=timezone.now() - _A_DAY,
        content__details__has_key="factor",
    )
    return wrong[:MOST_WRONG_CODES].count() >= MOST_WRONG_CODES


def session_is_complete(request: HttpRequest) -> bool:
    """Whether this session of somebody signed in passed a second factor, where one is required.

    Setting one up counts in the session where it was done: the password was given in it just before.
    """
    if not settings.REQUIRE_MFA:
        return True
    return bool(request.session.get(ENROLLED)) or any(
        record.get("method") == "mfa" for record in _records(request)
    )


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person proved lately who they are: by a second factor where they have one.

    Somebody who has none (only where none is required) proves it by the password.
    """
    limit_s = settings.REAUTHENTICATE_MINUTES * 60
    if not limit_s:
        return True
    assert isinstance(request.user, User)  # noqa: S101 - asked of signed-in people alone
    wanted = {"mfa"} if has_second_factor(request.user) else {"mfa", "password"}
    moments = [record["at"] for record in _records(request) if record.get("method") in wanted]
    moments += [request.session[ENROLLED]] if ENROLLED in request.session else []
    return bool(moments) and time.time() - max(moments) < limit_s


def fresh_factor_required(view: View[P]) -> View[P]:
    """A view for which the person proves again who they are, if that was not lately.

    Put it below the decorator that says who may open the view. What was sent by POST is not kept: the
    person comes back to the page, whose address should hold enough to go on.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.info(request, _("Confirm that it is you, then send it again."))
        return HttpResponseRedirect(confirmation_url(request))

    return guarded


def confirm_first(request: HttpRequest, back: str) -> HttpResponseRedirect | None:
    """None when the person proved lately who they are; else the way to do so, and from there to `back`: for a
    deed whose own address answers POST alone."""
    if is_fresh(request):
        return None
    messages.info(request, _("Confirm that it is you, then send it again."))
    return HttpResponseRedirect(confirmation_url(request, back))


def confirmation_url(request: HttpRequest, back: str = "") -> str:
    """Where a person proves again who they are, and comes back to this page, or to `back`."""
    assert isinstance(request.user, User)  # noqa: S101 - asked of signed-in people alone
    types = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    if Authenticator.Type.TOTP in types:
        name = "mfa_reauthenticate"
    elif Authenticator.Type.WEBAUTHN in types:
        name = "mfa_reauthenticate_webauthn"
    else:
        name = "account_reauthenticate"
    return f"{reverse(name)}?{urlencode({'next': back or request.get_full_path()})}"


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return records
