"""Production figures: what countries and areas are said to have produced, with the source of each."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.places.models import ProductionFigure
from impact.places.production.periods import Period
from impact.vocabulary import ProductionKind
from reports_api import paging
from reports_api.problems import InvalidParameter
from reports_api.shapes import FILTERS, JSON_ONLY, PAGING, ProductionPage, ProductionRecord, answers
from reports_api.view import ApiView, filter_of, words_of

_KIND = OpenApiParameter(
    "kind",
    {"type": "array", "items": {"type": "string", "enum": list(ProductionKind.values)}},
    description="how it was dug; a total is what a source calls one, never added up here",
    style="form",
    explode=False,
)
_HISTORY = OpenApiParameter(
    "history",
    {"type": "string", "enum": ["true", "false"]},
    description="true: with the figures that corrections replaced",
)
_SHARED = [parameter for parameter in FILTERS if parameter.name in {"country", "area", "from", "to"}]


class ProductionView(ApiView):
    parameters = (*paging.PARAMETERS, "country", "area", "from", "to", "kind", "history")

    @extend_schema(
        operation_id="listProduction",
        summary="Production figures by country, area, period and kind",
        parameters=[*_SHARED, _KIND, _HISTORY, *PAGING, JSON_ONLY],
        responses=answers(ProductionPage),
    )
    def get(self, request: Request) -> Response:
        return Response(paging.page_of(_figures(request), request).plain(production_record))


def production_record(figure: ProductionFigure) -> ProductionRecord:
    """A figure in JSON types. Null carats or value: not disclosed, never nought."""
    return {
        "id": figure.pk,
        "country": figure.country,
        "area": figure.area_id,
        "from": figure.from_on.isoformat(),
        "to": figure.to_on.isoformat(),
        "period": Period(figure.from_on, figure.to_on).label,
        "kind": str(figure.kind),
        "quality": str(figure.quality),
        "carats": None if figure.carats is None else float(figure.carats),
        "value_usd": None if figure.value_usd is None else float(figure.value_usd),
        "is_approximate": figure.is_approximate,
        "source": figure.source,
        "source_name": figure.source_name,
        "licence": figure.licence,
        "note": figure.note,
        "imported_at": figure.imported_at.isoformat(),
        "superseded_at": figure.superseded_at.isoformat() if figure.superseded_at else None,
        "superseded_by": figure.superseded_by_id,
    }


def _figures(request: Request) -> QuerySet[ProductionFigure]:
    figures = ProductionFigure.objects.order_by(
        "country", F("area").asc(nulls_first=True), "from_on", "kind", "quality", "pk"
    )
    if not _wants_history(request):
        figures = figures.filter(superseded_at__isnull=True)
    if kinds := words_of(request, "kind", ProductionKind.values, str.lower):
        figures = figures.filter(kind__in=kinds)
    chosen = filter_of(request, "country", "area", "from", "to")
    if chosen.country:
        figures = figures.filter(country__in=chosen.country)
    if chosen.area is not None:
        figures = figures.filter(area=chosen.area)
    if chosen.from_on:
        figures = figures.filter(to_on__gte=chosen.from_on)
    if chosen.to_on:
        figures = figures.filter(from_on__lte=chosen.to_on)
    return figures


def _wants_history(request: Request) -> bool:
    word = str(request.query_params.get("history", "")).strip().lower()
    if word not in {"", "true", "false"}:
        raise InvalidParameter("history", _("One of: %(known)s.") % {"known": "true, false"})
    return word == "true"
