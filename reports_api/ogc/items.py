"""The features of a collection: pages of them, and one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from reports_api import paging
from reports_api.ogc.collections import collection_of
from reports_api.ogc.views import JSON, link
from reports_api.view import ApiView, GeoJSONRenderer


@extend_schema(exclude=True)
class ItemsView(ApiView):
    # GeoJSON under either name: some clients ask for application/json alone.
    renderer_classes = (GeoJSONRenderer, JSONRenderer)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.parameters = (*paging.PARAMETERS, *collection_of(kwargs["name"]).parameters)
        super().initial(request, *args, **kwargs)

    def get(self, request: Request, name: str) -> Response:
        collection = collection_of(name)
        # OGC 17-069r4, requirement 22: a larger limit than ours is no error.
        page = paging.page_of(collection.rows(request), request, caps_limit=True).geojson(collection.feature)
        page["links"].append(link(request, "collection", "collection", JSON, collection.title, name=name))
        return Response(page)


@extend_schema(exclude=True)
class ItemView(ApiView):
    renderer_classes = (GeoJSONRenderer, JSONRenderer)

    def get(self, request: Request, name: str, feature: str) -> Response:
        collection = collection_of(name)
        found = collection.feature(collection.row(feature))
        links = [
            link(
                request,
                "self",
                "item",
                GeoJSONRenderer.media_type,
                collection.title,
                name=name,
                feature=feature,
            ),
            link(request, "collection", "collection", JSON, collection.title, name=name),
        ]
        return Response({**found, "links": links})
