"""Where things are: the landing page, what is conformed to, the definition, the collections."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from impact.summaries.formats import qgis_style
from reports_api.ogc import layers
from reports_api.ogc.collections import COLLECTIONS, Collection, collection_of
from reports_api.ogc.definition import DEFINITION_TYPE, definition
from reports_api.ogc.schemas import MEDIA_TYPE, feature_schema, schema_document
from reports_api.view import ApiView, GeoJSONRenderer

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_SCHEMA = "http://www.opengis.net/def/rel/ogc/1.0/schema"
_CONFORMS_TO = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "oas30", "geojson")
]
JSON = JSONRenderer.media_type


class DefinitionRenderer(JSONRenderer):
    media_type = DEFINITION_TYPE
    format = "openapi"


@extend_schema(exclude=True)
class LandingView(ApiView):
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        return Response(
            {
                "title": "Headlamp",
                "description": _("Published incidents beside mines, and the producing areas near them."),
                "links": [
                    link(request, "self", "landing", JSON, _("This page")),
                    link(request, "service-desc", "api", DEFINITION_TYPE, _("The definition of this API")),
                    link(request, "conformance", "conformance", JSON, _("What it conforms to")),
                    link(request, "data", "collections", JSON, _("The collections")),
                    link(
                        request,
                        "related",
                        "layers",
                        layers.MEDIA_TYPE,
                        _("Both collections as layers of QGIS"),
                    ),
                ],
            }
        )


@extend_schema(exclude=True)
class ConformanceView(ApiView):
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        return Response({"conformsTo": _CONFORMS_TO})


@extend_schema(exclude=True)
class DefinitionView(ApiView):
    renderer_classes = (DefinitionRenderer, JSONRenderer)

    def get(self, request: Request) -> Response:
        return Response(definition(request.build_absolute_uri(reverse("ogc:landing"))))


@extend_schema(exclude=True)
class CollectionsView(ApiView):
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request) -> Response:
        return Response(
            {
                "links": [link(request, "self", "collections", JSON, _("The collections"))],
                "collections": [described(request, collection) for collection in COLLECTIONS.values()],
            }
        )


@extend_schema(exclude=True)
class CollectionView(ApiView):
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request, name: str) -> Response:
        return Response(described(request, collection_of(name)))


class SchemaRenderer(JSONRenderer):
    media_type = MEDIA_TYPE
    format = "schema"


@extend_schema(exclude=True)
class SchemaView(ApiView):
    renderer_classes = (SchemaRenderer, JSONRenderer)

    def get(self, request: Request, name: str) -> Response:
        collection = collection_of(name)
        address = request.build_absolute_uri(reverse("ogc:schema", kwargs={"name": name}))
        return Response(
            schema_document(address, str(collection.title), collection.properties(), collection.geometry)
        )


@extend_schema(exclude=True)
class FeatureSchemaView(ApiView):
    renderer_classes = (SchemaRenderer, JSONRenderer)

    def get(self, request: Request, name: str) -> Response:
        return Response(feature_schema(collection_of(name).properties()))


class TextRenderer(JSONRenderer):
    """What is text already; what went wrong is JSON here as everywhere."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return data.encode() if isinstance(data, str) else super().render(data, *args, **kwargs)


class StyleRenderer(TextRenderer):
    media_type = qgis_style.MEDIA_TYPE
    format = "qml"


class LayersRenderer(TextRenderer):
    media_type = layers.MEDIA_TYPE
    format = "qlr"


@extend_schema(exclude=True)
class LayersView(ApiView):
    renderer_classes = (LayersRenderer,)

    def get(self, request: Request) -> Response:
        address = request.build_absolute_uri(reverse("ogc:landing"))
        headers = {"Content-Disposition": 'attachment; filename="headlamp.qlr"'}
        return Response(layers.layer_definition(address, COLLECTIONS.values()), headers=headers)


@extend_schema(exclude=True)
class StyleView(ApiView):
    renderer_classes = (StyleRenderer,)

    def get(self, request: Request, name: str, style: str) -> Response:
        styles = collection_of(name).styles
        if style not in styles:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{name}.qml"'}
        return Response(styles[style](), headers=headers)


def described(request: Request, collection: Collection) -> dict[str, Any]:
    """A collection with its extent and where its features are."""
    box, days = collection.extent()
    extent: dict[str, Any] = {"temporal": {"interval": [days]}} if any(days) else {}
    if box is not None:
        extent["spatial"] = {"bbox": [box], "crs": CRS84}
    return {
        "id": collection.name,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": extent,
        "crs": [CRS84],
        "links": [
            link(request, "self", "collection", JSON, collection.title, name=collection.name),
            link(
                request, "items", "items", GeoJSONRenderer.media_type, collection.title, name=collection.name
            ),
            link(request, _SCHEMA, "schema", MEDIA_TYPE, _("What its properties are"), name=collection.name),
            # Spelt as GDAL looks for it; the case of such words does not count (RFC 8288, 2.1.1).
            link(
                request,
                "describedBy",
                "feature_schema",
                MEDIA_TYPE,
                _("What its properties are"),
                name=collection.name,
            ),
            *(
                link(
                    request,
                    "stylesheet",
                    "style",
                    qgis_style.MEDIA_TYPE,
                    _("A style for QGIS"),
                    name=collection.name,
                    style=style,
                )
                for style in collection.styles
            ),
        ],
    }


def link(request: Request, rel: str, view: str, media_type: str, title: Any, **named: str) -> dict[str, Any]:
    """RFC 8288, with an absolute address."""
    href = request.build_absolute_uri(reverse(f"ogc:{view}", kwargs=named))
    return {"rel": rel, "href": href, "type": media_type, "title": title}
