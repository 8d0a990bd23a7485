"""Who may do what. One file, so that a reader can hold it all in view."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from impact.accounts.models import Role, User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def can_moderate(user: User | AnonymousUser) -> bool:
    """See cases and decide about them."""
    return isinstance(user, User) and user.is_active and user.role == Role.MODERATOR


def can_export(user: User | AnonymousUser) -> bool:
    """Make maps and files of what is published."""
    return isinstance(user, User) and user.is_active and user.role in {Role.MODERATOR, Role.ADVOCATE}


def moderator_required(view: View[P]) -> View[P]:
    """A view for moderators: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_moderate)


def advocate_required(view: View[P]) -> View[P]:
    """A view for those who export: others are asked to sign in, or refused with 403. Never cached."""
    return _guarded(view, can_export)


def _guarded(view: View[P], allows: Callable[[Any], bool]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not allows(request.user):
            raise PermissionDenied
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded
