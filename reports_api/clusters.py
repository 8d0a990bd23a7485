"""Published incidents grouped for a map at a zoom."""

from dataclasses import replace

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.publication.filtering import PARAMETERS
from impact.summaries.clustering import clusters
from reports_api.shapes import FILTERS, JSON_ONLY, ClusterList, ClusterRecord, answers
from reports_api.view import ApiView, filter_of, whole_number_of

_WORLD = (-180.0, -90.0, 180.0, 90.0)
DEFAULT_ZOOM = 4
LARGEST_ZOOM = 22
ZOOM = OpenApiParameter(
    "zoom",
    {"type": "integer", "minimum": 0, "maximum": LARGEST_ZOOM, "default": DEFAULT_ZOOM},
    description="of a web map, 0 is the world",
)


class ClusterView(ApiView):
    parameters = ("format", "zoom", *PARAMETERS)

    @extend_schema(
        operation_id="listClusters",
        summary="Published incidents grouped for a map; without a bbox, everywhere",
        parameters=[*FILTERS, ZOOM, JSON_ONLY],
        responses=answers(ClusterList),
    )
    def get(self, request: Request) -> Response:
        zoom = whole_number_of(request, "zoom", DEFAULT_ZOOM, least=0, most=LARGEST_ZOOM)
        chosen = filter_of(request)
        records: list[ClusterRecord] = [
            {
                "lon": cluster.longitude,
                "lat": cluster.latitude,
                "count": cluster.count,
                "by_theme": cluster.by_theme,
                "id": cluster.incident_id,
            }
            for cluster in clusters(chosen.bbox or _WORLD, zoom, replace(chosen, bbox=None))
        ]
        return Response(ClusterList(clusters=records))
