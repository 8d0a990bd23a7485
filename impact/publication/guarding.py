"""The public side cannot read testimony even by mistake: the database connection refuses.

Deny by default: a view that has a reason to touch reports, incidents, decisions or telephones lives
in a module that `settings.PRIVATE_VIEWS` names; in every other view such a query raises.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

_PRIVATE_TABLE = re.compile(r"\b(incidents|ledger|moderation|sms_gateway)_[a-z]+", re.IGNORECASE)


class PrivateTableRead(RuntimeError):
    """A public view asked for a private table. Nothing was read."""


@contextmanager
def public_reads_only() -> Iterator[None]:
    """Within this block, a query that names a private table raises PrivateTableRead."""

    def refuse_private(
        execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if found := _PRIVATE_TABLE.search(sql):
            raise PrivateTableRead(f"a public view may not read {found.group()}")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(refuse_private):
        yield


def is_private_view(view: Callable[..., Any]) -> bool:
    """Whether a view is one of those that may read private tables, by the module that it lives in."""
    owner = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
    module = getattr(owner, "__module__", "")
    return any(module == name or module.startswith(f"{name}.") for name in settings.PRIVATE_VIEWS)


class PublicReadsMiddleware:
    """Guards every view but the private ones."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        arguments: tuple[Any, ...],
        named: dict[str, Any],
    ) -> HttpResponseBase | None:
        if is_private_view(view):
            return None
        with public_reads_only():
            response = view(request, *arguments, **named)
            render = getattr(response, "render", None)
            return render() if callable(render) else response
