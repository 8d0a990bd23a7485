"""What every page knows of the installation that it belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language, get_language_info

from impact.accounts.models import Notice
from impact.accounts.noticing import unread_notices
from impact.accounts.permissions import (
    can_administer,
    can_export,
    can_moderate,
    can_read_log,
    can_see_cases,
    is_senior,
)
from impact.places.basemap import country_name
from impact.places.nearness.reach_words import reach_words
from impact.web.language import PARAMETER

_reach = lazy(reach_words, str)  # worked out by the few pages that say it


def installation(request: HttpRequest) -> dict[str, Any]:
    """The demo's banner, the languages, and which rooms of the house the reader may enter."""
    user = getattr(request, "user", None)
    return {
        "is_demo": settings.DEMO,
        "has_simulator": settings.SIMULATOR_ENABLED,
        "reach": _reach(),
        "language_links": [_language_link(request, code) for code, _name in settings.LANGUAGES],
        "text_numbers": [(country_name(country), number) for country, number in settings.TEXT_NUMBERS],
        "notices": _notices(user),
        "reader_can_see_cases": user is not None and can_see_cases(user),
        "reader_can_moderate": user is not None and can_moderate(user),
        "reader_can_export": user is not None and can_export(user),
        "reader_can_administer": user is not None and can_administer(user),
        "reader_can_read_log": user is not None and can_read_log(user),
    }


def _notices(user: Any) -> list[Notice]:
    is_told = user is not None and (is_senior(user) or can_administer(user))
    return unread_notices(user) if is_told else []


def _language_link(request: HttpRequest, code: str) -> dict[str, Any]:
    parameters = request.GET.copy()
    parameters[PARAMETER] = code
    return {
        "code": code,
        "name": get_language_info(code)["name_local"].capitalize(),
        "url": f"?{parameters.urlencode()}",
        "is_current": code == get_language(),
    }
