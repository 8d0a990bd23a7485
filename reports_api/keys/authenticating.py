"""`Authorization: Bearer hl_…`: which key a program comes with, and whether it opens this."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from impact.accounts.addresses import guessing_address
from reports_api.keys.making import find_key
from reports_api.models import ApiKey
from reports_api.problems import PayloadTooLarge
from reports_api.view import ApiView

MOST_WRONG = 20  # tokens from one address
PAUSE_S = 60
LARGEST_BODY_BYTES = 10_000


class KeyAuthentication(BaseAuthentication):
    """The key is `request.auth`; nobody is signed in by it."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        scheme, _space, token = str(request.headers.get("Authorization", "")).partition(" ")
        if not scheme:
            return None
        counted = f"wrong-keys-{guessing_address(request._request)}"
        if int(cache.get(counted, 0)) >= MOST_WRONG:
            raise exceptions.Throttled(wait=PAUSE_S)
        key = find_key(token.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            cache.add(counted, 0, PAUSE_S)
            _count(counted)
            raise wrong_key()
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="headlamp"'


def wrong_key() -> exceptions.AuthenticationFailed:
    """What is answered to a key that opens nothing, or that opens nothing any more."""
    return exceptions.AuthenticationFailed(_("This key is wrong, was revoked or has come to its end."))


def _count(name: str) -> None:
    try:
        cache.incr(name)
    except ValueError:
        cache.set(name, 1, PAUSE_S)  # its minute ended just now


class HasScope(BasePermission):
    message = gettext_lazy("This key does not open this: its scopes are others.")

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, ApiKey) and getattr(view, "scope", "") in request.auth.scopes


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A key that an administrator made for a program of their organisation.",
        }


# No docstring: it would be read out as the description of every operation.
class KeyedView(ApiView):
    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasScope,)
    is_cacheable = False
    scope = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if not (length.isascii() and length.isdigit()) or int(length) > LARGEST_BODY_BYTES:
            raise PayloadTooLarge(_("At most %(limit)s bytes.") % {"limit": LARGEST_BODY_BYTES})


def key_of(request: Request) -> ApiKey:
    """The key of a request that a KeyedView let in."""
    assert isinstance(request.auth, ApiKey)  # noqa: S101 - HasScope let nobody else in
    return request.auth
