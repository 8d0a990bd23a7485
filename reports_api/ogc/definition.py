"""The OpenAPI 3.0 document of /ogc/, as QGIS reads it: the parameters by name, a limit with its maximum."""

from typing import Any

from reports_api.ogc.collections import COLLECTIONS
from reports_api.ogc.schemas import MEDIA_TYPE
from reports_api.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET

DEFINITION_TYPE = "application/vnd.oai.openapi+json;version=3.0"
_GEOJSON = "application/geo+json"
_STANDARD = ("limit", "offset", "bbox", "datetime")


def definition(address: str) -> dict[str, Any]:
    """`address` is the landing page's."""
    paths: dict[str, Any] = {
        "/": _operation("getLandingPage", "application/json"),
        "/conformance": _operation("getConformance", "application/json"),
        "/api": _operation("getDefinition", DEFINITION_TYPE),
        "/collections": _operation("getCollections", "application/json"),
    }
    for name, collection in COLLECTIONS.items():
        narrowing = ("limit", "offset", *(each for each in collection.parameters if each in _STANDARD))
        own = [_query(each) for each in collection.parameters if each not in _STANDARD]
        references = [{"$ref": f"#/components/parameters/{each}"} for each in narrowing]
        feature = {"name": "feature", "in": "path", "required": True, "schema": {"type": "string"}}
        paths |= {
            f"/collections/{name}": _operation(f"describe_{name}", "application/json"),
            f"/collections/{name}/items": _operation(f"get_{name}", _GEOJSON, [*references, *own]),
            f"/collections/{name}/schema": _operation(f"schema_of_{name}", MEDIA_TYPE),
            f"/collections/{name}/items/{{feature}}": _operation(f"get_one_of_{name}", _GEOJSON, [feature]),
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Headlamp: OGC API - Features", "version": "1"},
        "servers": [{"url": address.rstrip("/")}],
        "paths": paths,
        "components": {"parameters": {parameter["name"]: parameter for parameter in _standard_parameters()}},
    }


def _standard_parameters() -> list[dict[str, Any]]:
    numbers = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}
    offset = {"type": "integer", "minimum": 0, "maximum": LARGEST_OFFSET, "default": 0}
    return [
        _query("limit", limit),
        _query("offset", offset),
        _query("bbox", numbers),
        _query("datetime"),
    ]


def _query(name: str, schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": schema or {"type": "string"},
    }


def _operation(name: str, media_type: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    answer = {"description": "OK", "content": {media_type: {"schema": {"type": "object"}}}}
    wrong = {
        "description": "What is wrong, named (RFC 9457)",
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
    return {
        "get": {
            "operationId": name,
            "parameters": parameters or [],
            "responses": {"200": answer, "4XX": wrong},
        }
    }
