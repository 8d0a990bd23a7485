"""One producing area for staff: what its sources say, what changed, and what can be done."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from impact.accounts.permissions import moderator_required
from impact.incidents.models import AreaLink
from impact.places.area_records import AreaPair
from impact.places.basemap import country_name
from impact.places.curating import AreaRefused, StaleArea
from impact.places.models import AreaChange, ProducingArea
from impact.web.desk.areas.forms import FORMS, LANGUAGES, AreaForm
from impact.web.desk.areas.listing import shapes
from impact.web.desk.areas.wording import area_column_words, area_reason_words, area_value_words
from impact.web.desk.wording import distance_words, minerals_words

_LANGUAGE_NAMES = dict(LANGUAGES)


@require_safe
@moderator_required
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """The area as it is now."""
    return _render(request, _get(pk))


@require_POST
@moderator_required
def area_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Make one change; what is refused is shown beside what was written, and nothing is lost."""
    if action not in FORMS:
        raise Http404
    found = _get(pk)
    form = FORMS[action](found, request.POST)
    if not form.is_valid():
        return _render(request, found, action, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        done = form.decide(int(request.user.pk or 0))
    except StaleArea as stale:
        form.add_error(None, str(stale))
        return _render(request, found, action, form, HTTPStatus.CONFLICT)
    except AreaRefused as refused:
        form.add_error(None, str(refused))
        return _render(request, found, action, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, done)
    return redirect("desk:area", pk)


def _get(pk: int) -> ProducingArea:
    return get_object_or_404(ProducingArea.objects.select_related("joined_to"), pk=pk)


def _render(
    request: HttpRequest,
    found: ProducingArea,
    refused_action: str = "",
    refused: AreaForm | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    members = list(found.members.all())
    pairs = _pairs(found)
    forms = {action: form(found) for action, form in FORMS.items()}
    if pairs:
        for action in ("join", "apart"):
            forms[action].initial["other"] = pairs[0]["other"].pk
    if refused is not None:
        forms[refused_action] = refused
    return render(
        request,
        "desk/areas/area.html",
        {
            "area": found,
            "country": country_name(found.country),
            "minerals": minerals_words(found.minerals),
            "names": [
                {
                    "name": alias.name,
                    "language": _LANGUAGE_NAMES.get(alias.language, alias.language) if alias.language else "",
                    "origin": alias.get_origin_display(),
                }
                for alias in found.other_names.all()
            ],
            "sources": [found, *members],
            "pairs": pairs,
            "links": {
                "proposed": found.incident_links.filter(method=AreaLink.Method.RULE).count(),
                "confirmed": found.incident_links.filter(method=AreaLink.Method.MODERATOR).count(),
                "refused": found.refused_links.count(),
            },
            "forms": forms,
            "refused": refused_action,
            "history": [_entry(change) for change in found.changes.select_related("changed_by")],
            "map_options": {"basemap": reverse("web:basemap")},
            "shapes": shapes([found, *members, *(pair["other"] for pair in pairs)]),
        },
        status=status,
    )


def _pairs(found: ProducingArea) -> list[dict[str, Any]]:
    pairs = AreaPair.objects.filter(Q(one=found) | Q(other=found), verdict=AreaPair.Verdict.OPEN)
    return [
        {
            "other": other,
            "distance": distance_words(pair.distance_m),
            "alike": round(pair.closeness * 100),
        }
        for pair in pairs.select_related("one", "other")
        if (other := pair.other if pair.one_id == found.pk else pair.one).joined_to_id is None
    ]


def _entry(change: AreaChange) -> dict[str, Any]:
    return {
        "action": change.get_action_display(),
        "who": str(change.changed_by) if change.changed_by else _("by an import"),
        "at": change.changed_at,
        "reason": change.reason if change.changed_by else area_reason_words(change.reason),
        "changes": [
            {
                "column": area_column_words(name),
                "before": area_value_words(name, change.before.get(name)),
                "after": area_value_words(name, value),
            }
            for name, value in change.after.items()
        ],
    }
