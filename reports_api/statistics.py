"""Counts of published incidents."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.publication.filtering import PARAMETERS
from impact.publication.published import published_incidents
from impact.summaries.statistics import KEYS, counts_by
from reports_api.shapes import FILTERS, JSON_ONLY, Statistics, answers
from reports_api.view import ApiView, filter_of, word_of

_BY = OpenApiParameter("by", {"type": "string", "enum": list(KEYS)}, required=True)


class StatisticsView(ApiView):
    parameters = ("format", "by", *PARAMETERS)

    @extend_schema(
        operation_id="countIncidents",
        summary="How many published incidents there are by one key",
        parameters=[_BY, *FILTERS, JSON_ONLY],
        responses=answers(Statistics),
    )
    def get(self, request: Request) -> Response:
        by = word_of(request, "by", KEYS)
        chosen = filter_of(request)
        return Response(
            Statistics(
                by=by,
                filter=chosen.as_params(),
                incidents=published_incidents(chosen).count(),
                counts=[
                    {
                        "key": str(count.key),
                        "label": str(count.label),
                        "count": count.count,
                        "is_rounded": count.is_rounded,
                    }
                    for count in counts_by(chosen, by)
                ],
            )
        )
