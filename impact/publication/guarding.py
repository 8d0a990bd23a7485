"""The public side cannot read testimony even by mistake: the database connection refuses.

Deny by default, twice. A view that has a reason to touch reports, incidents, decisions or telephones lives
in a module that `settings.PRIVATE_VIEWS` names; in every other view a query may name only the tables that
are public, and a table that nobody called public is refused, also one of an app that is yet to be written.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponseBase

# What is public: places and their production, what was published, whether the house works. And who is
# signed in, which the head of every page asks: staff, no witness.
_PUBLIC_TABLE = re.compile(
    r"(idx_)?places_\w+|publication_\w+|operations_\w+"
    r"|(accounts|account|auth|mfa|usersessions)_\w+|django_\w+|pg_\w+|sqlite_\w+|spatialite\w*|geometry_columns|spatial_ref_sys"
)
_PRIVATE_TABLE = re.compile(
    r"\b(?:(?:incidents|ledger|moderation|sms_gateway)_[a-z]+"
    r"|publication_(?:duepublication|keptmask|countedincident|alertsubscription))\b",
    re.IGNORECASE,
)
_COUNTED = "publication_countedincident"
_NAMED_TABLE = re.compile(
    r'\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+"?([a-z_][a-z0-9_]*)"?(?!["(a-z0-9_])', re.IGNORECASE
)
_WITH = re.compile(r'(?:\bWITH(?:\s+RECURSIVE)?|,)\s+"?([a-z_][a-z0-9_]*)"?\s+AS\s*\(', re.IGNORECASE)
_is_rounding: ContextVar[bool] = ContextVar("is_rounding", default=False)


class PrivateTableRead(RuntimeError):
    """A public view asked for a private table. Nothing was read."""


@contextmanager
def public_reads_only() -> Iterator[None]:
    """Within this block, a query that names a table which is not public raises PrivateTableRead."""

    def refuse_private(
        execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if found := private_table(sql):
            raise PrivateTableRead(f"a public view may not read {found}")
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(refuse_private):
        yield


def private_table(sql: str) -> str:
    """The first table of a query that the public may not read, or ""."""
    for match in _PRIVATE_TABLE.finditer(sql):
        if not (_is_rounding.get() and match.group().lower() == _COUNTED):
            return match.group()
    made_here = {name.lower() for name in _WITH.findall(sql)}
    for name in _NAMED_TABLE.findall(sql):
        if not _PUBLIC_TABLE.fullmatch(name.lower()) and name.lower() not in made_here:
            return str(name)
    return ""


@contextmanager
def rounded_reads() -> Iterator[None]:
    """For impact.publication.counting alone: within this block the counts that it rounds may be read."""
    token = _is_rounding.set(True)
    try:
        yield
    finally:
        _is_rounding.reset(token)


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
