"""Entity tags by what is public: a cache in front asks whether anything changed, and one query answers.

A tag is over the state of everything public, the address and the language, never over a time. What is taken
back is gone from a shared cache after SHARED_S at the latest, and from a browser's own at the next look. What
nobody said is public is kept by no cache at all.
"""

import hashlib
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from impact.publication.models import CoverageMonth, Snapshot
from impact.publication.state import public_tag

SHARED_S = 5
# A second less for caches that count whole ones. In the last two a shared cache serves what it has and asks.
_CACHE_CONTROL = f"public, max-age=0, s-maxage={SHARED_S - 3}, stale-while-revalidate=2, must-revalidate"
_VARY = ("Accept", "Accept-Language", "Cookie")
_PLACES_RECHECK_S = 10.0
_LONG_TABLES = frozenset({"Place", "TaughtName"})  # the gazetteer: no public page lists it
_PROGRAM = frozenset({".py", ".html", ".mo", ".js", ".css", ".svg"})
_SHOWN_SETTINGS = (
    *("PUBLIC_URL", "DEMO", "DEBUG", "TILES_URL", "TILES_ATTRIBUTION", "ORGANISATION", "TEXT_NUMBERS"),
)
_places: tuple[float, str] = (0.0, "")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def fresh(view: View) -> View:
    """Give the answers of a public view an entity tag, and 304 to who has them already."""

    @wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        return answer_fresh(request, lambda: view(request, *arguments, **named))

    return answer  # type: ignore[return-value]


def answer_fresh(
    request: HttpRequest, respond: Callable[[], HttpResponseBase], *, also: str = ""
) -> HttpResponseBase:
    """What `respond` answers, with an entity tag; or 304. Who signed in or shows a key gets no tag: their
    pages differ. `also` stands for what the answer shows besides, and changes with it."""
    is_somebody = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
    if request.method not in {"GET", "HEAD"} or is_somebody:
        return respond()
    tag = entity_tag(request, also)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponseBase = HttpResponseNotModified()
        # The policy of the answer that the browser holds stays: it names the nonce of that answer's scripts.
        response._csp_exempt = True  # type: ignore[attr-defined]
    else:
        response = respond()
        if response.status_code != 200:
            return response
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = _CACHE_CONTROL
    patch_vary_headers(response, _VARY)
    return response


class PrivateByDefaultMiddleware:
    """Forbids every cache to keep what does not say for itself how long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def entity_tag(request: HttpRequest, also: str = "") -> str:
    """A weak tag (RFC 9110, 8.8.3) of an address in a language, as long as nothing public changes."""
    parts = (
        _program_stamp(),
        public_tag(),
        Snapshot.objects.order_by("-created_at").values_list("pk", flat=True).first() or "",
        _places_stamp(),
        request.get_full_path(),
        request.headers.get("Accept", ""),
        get_language() or "",
        also,
    )
    return f'W/"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:32]}"'


@cache
def _program_stamp() -> str:
    """Of the program and of what an installation sets: another release shows the same as another page."""
    files = (
        path
        for room in ("impact", "reports_api", "templates")
        for path in (settings.BASE_DIR / room).rglob("*.*")
        if path.suffix in _PROGRAM
    )
    newest = max((path.stat().st_mtime_ns for path in files), default=0)
    return repr((newest, [getattr(settings, name) for name in _SHOWN_SETTINGS]))


def _places_stamp() -> str:
    """Of areas, their figures and the coverage: they change without a publication. Looked up at most every
    ten seconds."""
    global _places
    if not _places[1] or time.monotonic() - _places[0] > _PLACES_RECHECK_S:
        stamp = []
        for model in apps.get_app_config("places").get_models():
            if model.__name__ not in _LONG_TABLES:
                has_time = any(field.name == "updated_at" for field in model._meta.fields)
                rows = model._default_manager.aggregate(
                    count=Count("pk"), last=Max("updated_at" if has_time else "pk")
                )
                stamp.append(f"{model.__name__} {rows['count']} {rows['last']}")
        stamp.append(f"coverage {CoverageMonth.objects.aggregate(last=Max('counted_at'))['last']}")
        _places = (time.monotonic(), "; ".join(stamp))
    return _places[1]


def forget_places() -> None:
    """Look again at the next call: between tests."""
    global _places
    _places = (0.0, "")
