"""What a session of staff has to be: complete, and not forgotten on a desk."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from impact.accounts.second_factor import session_is_complete

SEEN_AT = "seen_at"
_NOTE_EVERY_S = 300

# What a person needs who has given the password and has no second factor yet.
ENROLMENT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "accounts:sign_out",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)


class StaffSessionMiddleware:
    """Ends a session that nobody used for a while, and keeps an incomplete one out of everything.

    To every view but those of the enrolment, a session without its second factor is nobody's: deny by
    default, whatever the view checks itself. `request.unfinished_user` says who it would be.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SEEN_AT in request.session and request.user.is_authenticated:
            self._see(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> None:
        if not request.user.is_authenticated or session_is_complete(request):
            return
        match = request.resolver_match
        if match is None or match.view_name not in ENROLMENT:
            request.unfinished_user = request.user  # type: ignore[attr-defined]
            request.user = AnonymousUser()

    def _see(self, request: HttpRequest) -> None:
        now = int(time.time())
        unused_s = now - request.session[SEEN_AT]
        if unused_s > settings.SESSION_IDLE_MINUTES * 60:
            logout(request)
            messages.info(request, _("You were signed out, because nothing was done for a while."))
        elif unused_s > _NOTE_EVERY_S:
            request.session[SEEN_AT] = now
            UserSession.objects.create_from_request(request)
