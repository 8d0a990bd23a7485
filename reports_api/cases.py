"""`/api/v1/moderation/cases/`: the facts of an organisation's own cases, for its own programs.

Facts alone: no word of a reporter or a moderator, no point and no distance, nothing of who reported.
"""

from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.incidents.models import AreaLink, Incident
from impact.moderation.access import cases_for_programs
from impact.vocabulary import PublicationStatus, Triage, Verification
from reports_api import paging
from reports_api.keys.authenticating import KeyedView, key_of
from reports_api.models import Scope
from reports_api.problems import InvalidParameter
from reports_api.shapes import JSON_ONLY, PAGING, answers
from reports_api.view import word_of

_COLUMNS = {
    **dict.fromkeys(Triage.values, "triage"),
    **dict.fromkeys(Verification.values, "verification"),
    **dict.fromkeys(PublicationStatus.values, "publication"),
}
_STATE = OpenApiParameter(
    "state", {"type": "string", "enum": list(_COLUMNS)}, description="of triage, verification or publication"
)
_SINCE = OpenApiParameter(
    "since",
    {"type": "string", "format": "date"},
    description="changed on this day (UTC) or later",
)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)


class CaseArea(TypedDict):
    id: int
    name: str
    relation: str
    is_confirmed: bool


class CaseRecord(TypedDict):
    """`people` are the lower bounds. Areas come nearest first; unconfirmed ones were found by rule."""

    id: str
    reference: str
    triage: str
    verification: str
    publication: str
    follow_up: str
    reliability: str
    credibility: str
    harms: list[str]
    perpetrator: str
    people: dict[str, int]
    minerals: list[str]
    country: str
    occurred_from: str | None
    occurred_to: str | None
    occurred_precision: str
    received_on: str
    changed_on: str
    areas: list[CaseArea]
    is_fictional: bool


class CasePage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[CaseRecord]


class CaseListView(KeyedView):
    scope = Scope.CASES
    parameters = (*paging.PARAMETERS, "state", "since")

    @extend_schema(
        operation_id="listCases",
        summary="The facts of the organisation’s own cases, the latest first",
        description="Those that only senior moderators see are never among them.",
        parameters=[_STATE, _SINCE, *PAGING, JSON_ONLY],
        responses=answers(CasePage, *_REFUSED),
    )
    def get(self, request: Request) -> Response:
        cases = _cases(request)
        if request.query_params.get("state"):
            state = word_of(request, "state", list(_COLUMNS))
            cases = cases.filter(**{_COLUMNS[state]: state})
        if since := _since(request):
            cases = cases.filter(updated_at__gte=since)
        return Response(paging.page_of(cases, request).plain(case_record))


class CaseView(KeyedView):
    scope = Scope.CASES

    @extend_schema(
        operation_id="getCase",
        summary="The facts of one case",
        parameters=[JSON_ONLY],
        responses=answers(CaseRecord, *_REFUSED, HTTPStatus.NOT_FOUND),
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        case = _cases(request).filter(pk=case_id).first()
        if case is None:
            raise Http404
        return Response(case_record(case))


def case_record(case: Incident) -> CaseRecord:
    """A case in JSON types. Whatever is not in here no program is told."""
    return {
        "id": str(case.pk),
        "reference": case.reference,
        "triage": str(case.triage),
        "verification": str(case.verification),
        "publication": str(case.publication),
        "follow_up": str(case.follow_up),
        "reliability": str(case.reliability),
        "credibility": str(case.credibility),
        "harms": case.harm_codes,
        "perpetrator": str(case.perpetrator),
        "people": case.people_counted,
        "minerals": list(case.minerals),
        "country": case.country,
        "occurred_from": _iso(case.occurred_from),
        "occurred_to": _iso(case.occurred_to),
        "occurred_precision": str(case.occurred_precision),
        "received_on": case.received_at.date().isoformat(),
        "changed_on": case.updated_at.date().isoformat(),
        # Without distances: three of them would be a point.
        "areas": [
            {
                "id": link.area_id,
                "name": link.area.name,
                "relation": str(link.relation),
                "is_confirmed": link.method == AreaLink.Method.MODERATOR,
            }
            for link in case.area_links.all()
        ],
        "is_fictional": case.is_fictional,
    }


def _cases(request: Request) -> QuerySet[Incident]:
    return (
        cases_for_programs(key_of(request).organisation)
        .filter(merged_into=None)
        .order_by("-received_at", "pk")
        .prefetch_related("harms", Prefetch("area_links", AreaLink.objects.select_related("area")))
    )


def _since(request: Request) -> datetime | None:
    text = str(request.query_params.get("since", "")).strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidParameter("since", _("A day such as 2026-06-30.")) from None
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_fixed_timezone(0))


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
