"""To which organisation a report belongs: by the country and the channel that it came in by."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from impact.accounts.models import IntakeRoute, Organisation, default_organisation

# In one statement, and not put together anew for each report. Names of our own. The default comes last.
_ROUTES = (
    f"SELECT 1, country, channel, organisation_id FROM {IntakeRoute._meta.db_table} "  # noqa: S608
    f"UNION ALL SELECT 0, '', '', id FROM {Organisation._meta.db_table} WHERE is_default"
)

_Route = tuple[int, str, str, int]


class _Held(threading.local):
    is_once = False
    routes: list[_Route] | None = None


_held = _Held()


def organisation_for(*, country: str, channel: str) -> int:
    """The id of the organisation that receives a report.

    The most exact route wins: country and channel, then country, then channel, then a route for
    everything; without any it is the default organisation. `country` is ISO 3166-1, "" where unknown.
    """
    fitting = [route for route in _routes() if route[1] in {"", country} and route[2] in {"", channel}]
    if not fitting:
        return default_organisation().pk
    *_, organisation_id = max(fitting, key=lambda route: (route[0], bool(route[1]), bool(route[2])))
    return int(organisation_id)


@contextmanager
def routes_read_once() -> Iterator[None]:
    """In this block this thread reads the routes once: for several reports that come at the same time."""
    _held.is_once, _held.routes = True, None
    try:
        yield
    finally:
        _held.is_once, _held.routes = False, None


def _routes() -> list[_Route]:
    if _held.routes is not None:
        return _held.routes
    with connection.cursor() as cursor:
        cursor.execute(_ROUTES)
        routes: list[_Route] = cursor.fetchall()
    if _held.is_once:
        _held.routes = routes
    return routes
