"""Published incidents by the hexagons that they are published in, and where anybody was there to report."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from impact.places.basemap import country_name
from impact.publication.coverage import coverage_cells, efforts
from impact.publication.filtering import PARAMETERS
from impact.summaries.hexagons import hexagons, ring_of
from reports_api.clusters import DEFAULT_ZOOM, LARGEST_ZOOM, ZOOM
from reports_api.shapes import FILTERS, JSON_ONLY, Coverage, HexagonList, answers
from reports_api.view import ApiView, filter_of, whole_number_of

_DAYS = [parameter for parameter in FILTERS if parameter.name in {"from", "to"}]


class HexagonView(ApiView):
    parameters = ("format", "zoom", *PARAMETERS)

    @extend_schema(
        operation_id="listHexagons",
        summary="Published incidents and people harmed by hexagon (H3), never smaller than published",
        parameters=[*FILTERS, ZOOM, JSON_ONLY],
        responses=answers(HexagonList),
    )
    def get(self, request: Request) -> Response:
        zoom = whole_number_of(request, "zoom", DEFAULT_ZOOM, least=0, most=LARGEST_ZOOM)
        return Response(
            HexagonList(
                hexagons=[
                    {
                        "cell": hexagon.cell,
                        "ring": [list(corner) for corner in hexagon.ring],
                        "incidents": hexagon.incidents,
                        "people": hexagon.people,
                    }
                    for hexagon in hexagons(zoom, filter_of(request))
                ]
            )
        )


class CoverageView(ApiView):
    parameters = ("format", "from", "to")

    @extend_schema(
        operation_id="getCoverage",
        summary="Where anybody was there to report; a country that is missing has no reports at all",
        parameters=[*_DAYS, JSON_ONLY],
        responses=answers(Coverage),
    )
    def get(self, request: Request) -> Response:
        chosen = filter_of(request)
        return Response(
            Coverage(
                countries=[
                    {
                        "country": effort.country,
                        "name": country_name(effort.country),
                        "reports_at_least": effort.reports,
                        "months_covered": effort.months_covered,
                        "months": effort.months,
                        "words": effort.words,
                    }
                    for effort in efforts(chosen.from_on, chosen.to_on)
                ],
                cells=[
                    {
                        "cell": cell.cell,
                        "ring": [list(corner) for corner in ring_of(cell.cell)],
                        "reports_at_least": cell.reports_at_least,
                    }
                    for cell in coverage_cells()
                ],
            )
        )
