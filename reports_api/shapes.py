"""The shapes of the answers, and how the OpenAPI document tells them: the types are the document."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal, TypedDict

from drf_spectacular.plumbing import resolve_type_hint
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from impact.places.basemap import country_codes
from impact.publication.published import PublishedRecord
from impact.vocabulary import AreaKind, Harm, Mineral, Perpetrator, Theme, Verification
from reports_api import problems
from reports_api.paging import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET, Link

Schema = dict[str, Any]
JSON = "application/json"
GEOJSON = "application/geo+json"


class PointGeometry(TypedDict):
    """GeoJSON; longitude, latitude in WGS 84 degrees."""

    type: Literal["Point"]
    coordinates: list[float]


class IncidentPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[PublishedRecord]


class IncidentFeature(TypedDict):
    type: Literal["Feature"]
    id: str
    geometry: PointGeometry | None
    properties: PublishedRecord


class IncidentCollection(TypedDict):
    type: Literal["FeatureCollection"]
    numberMatched: int
    numberReturned: int
    links: list[Link]
    features: list[IncidentFeature]


class AreaRecord(TypedDict):
    """A producing area. `lon` and `lat` lie on it; `incidents` counts the published incidents near it."""

    id: int
    site_code: str
    name: str
    aliases: list[str]
    country: str
    kind: str
    minerals: list[str]
    operator: str
    lon: float
    lat: float
    accuracy_m: float | None
    is_approximate: bool
    source: str
    source_date: str | None
    licence: str
    note: str
    is_retired: bool
    incidents: int


class AreaPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[AreaRecord]


class AreaFeature(TypedDict):
    type: Literal["Feature"]
    id: int
    geometry: dict[str, Any]
    properties: AreaRecord


class AreaCollection(TypedDict):
    type: Literal["FeatureCollection"]
    numberMatched: int
    numberReturned: int
    links: list[Link]
    features: list[AreaFeature]


class ClusterRecord(TypedDict):
    """Incidents drawn as one mark. `id` is there when it is one incident alone."""

    lon: float
    lat: float
    count: int
    by_theme: dict[str, int]
    id: str | None


class ClusterList(TypedDict):
    clusters: list[ClusterRecord]


class HexagonRecord(TypedDict):
    """`ring` is the corners, longitude and latitude, closed. `people` are those whom the incidents count."""

    cell: str
    ring: list[list[float]]
    incidents: int
    people: int


class HexagonList(TypedDict):
    hexagons: list[HexagonRecord]


class CountryCoverage(TypedDict):
    country: str
    name: str
    reports_at_least: int
    months_covered: int
    months: int
    words: str


class CellCoverage(TypedDict):
    cell: str
    ring: list[list[float]]
    reports_at_least: int


class Coverage(TypedDict):
    """`cells` are those of all time from which five different people reported, or more."""

    countries: list[CountryCoverage]
    cells: list[CellCoverage]


class CountRecord(TypedDict):
    """`is_rounded`: at least so many, in steps of five. Some of these are told in counts only."""

    key: str
    label: str
    count: int
    is_rounded: bool


class Statistics(TypedDict):
    """`incidents` is how many pass the filter. With several harms each, counts can add up to more."""

    by: str
    filter: dict[str, str]
    incidents: int
    counts: list[CountRecord]


ProductionRecord = TypedDict(
    "ProductionRecord",
    {
        "id": int,
        "country": str,
        "area": int | None,
        "from": str,
        "to": str,
        "period": str,
        "kind": str,
        "quality": str,
        "carats": float | None,
        "value_usd": float | None,
        "is_approximate": bool,
        "source": str,
        "source_name": str,
        "licence": str,
        "note": str,
        "imported_at": str,
        "superseded_at": str | None,
        "superseded_by": int | None,
    },
)
ProductionRecord.__doc__ = (
    "Rough diamonds. Null area: the whole country. Null carats or value: not disclosed."
)


class ProductionPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[ProductionRecord]


class SnapshotRecord(TypedDict):
    """A frozen state of what was published, and the digest by which its lines are checked.

    `withheld` is in steps of five; `retracted` counts what was taken back since.
    """

    id: str
    created_at: str
    filter: dict[str, str]
    digest: str
    shown: int
    without_place: int
    withheld: int
    retracted: int
    is_fictional: bool


class SnapshotPage(TypedDict):
    count: int
    next: str | None
    previous: str | None
    results: list[SnapshotRecord]


class TakenReport(TypedDict):
    """What a reporter keeps. `not_taken`: fields not known here, and files that the disk could not hold."""

    reference: str
    follow_up_code: str
    not_taken: list[str]


def schema_of(shape: Any) -> Schema:
    """The OpenAPI schema of a TypedDict, under its own name (see `name_components`)."""
    schema: Schema = resolve_type_hint(shape)  # type: ignore[no-untyped-call]
    return {**schema, "title": shape.__name__, "description": shape.__doc__ or ""}


def answers(shape: Any, *problem_statuses: int, geojson: Any = None, status: int = 200) -> Mapping[Any, Any]:
    """The responses of an operation: its shape, as GeoJSON too where there is one, and its problems.

    A bad parameter and an Accept header that nothing here meets are always among them.
    """
    told: dict[Any, Any] = {(status, JSON): _response(shape, status)}
    if geojson is not None:
        told[(status, GEOJSON)] = _response(geojson, status)
    for problem_status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_ACCEPTABLE, *problem_statuses):
        told[(problem_status, problems.MEDIA_TYPE)] = _response(problems.Problem, problem_status)
    return told


def _response(shape: Any, status: int) -> OpenApiResponse:
    return OpenApiResponse(schema_of(shape), description=HTTPStatus(status).phrase)


def name_components(result: Schema, **_context: Any) -> Schema:
    """Move each named shape to the document's components: a hook of drf-spectacular."""
    components = result.setdefault("components", {}).setdefault("schemas", {})
    for holder, key, shape in list(_named(result["paths"])):
        name = shape["title"]
        components[name] = {part: value for part, value in shape.items() if part != "title"}
        holder[key] = {"$ref": f"#/components/schemas/{name}"}
    return result


def _named(node: Any) -> Iterator[tuple[Any, Any, Schema]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in pairs:
        if key == "schema" and isinstance(inner, dict) and "title" in inner:
            yield node, key, inner
        else:
            yield from _named(inner)


def _words(name: str, known: list[str], description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        {"type": "array", "items": {"type": "string", "enum": known}},
        description=description,
        style="form",
        explode=False,
    )


def _text(name: str, description: str, pattern: str) -> OpenApiParameter:
    return OpenApiParameter(name, {"type": "string", "pattern": pattern}, description=description)


def _whole(name: str, description: str, default: int | None, least: int, most: int) -> OpenApiParameter:
    schema: Schema = {"type": "integer", "minimum": least, "maximum": most}
    if default is not None:
        schema["default"] = default
    return OpenApiParameter(name, schema, description=description)


_DAY = r"^\d{4}-\d{2}(-\d{2})?$"
_NUMBER = r"-?\d+(\.\d+)?"
BBOX = _text("bbox", "west,south,east,north in degrees", rf"^{_NUMBER}(,{_NUMBER}){{3}}$")
COUNTRY = _words("country", sorted(country_codes()), "ISO 3166-1 alpha-2")
KIND = _words("kind", list(AreaKind.values), "of the producing area")
FILTERS = [
    _words("theme", list(Theme.values), "theme of the main harm"),
    _words("harm", list(Harm.values), "any harm of the incident"),
    COUNTRY,
    _whole("area", "id of a producing area that is near", None, 0, 10**17 - 1),
    _text("from", "first day, 2026-06-30, or month, 2026-06", _DAY),
    _text("to", "last day or month, inclusive", _DAY),
    _words("perpetrator", list(Perpetrator.values), "alleged perpetrator"),
    _words("verification", list(Verification.values), "how far it was confirmed"),
    _words("kind", list(AreaKind.values), "of the nearest producing area"),
    _words("mineral", list(Mineral.values), "of the nearest producing area"),
    _text("near", "lon,lat,km: within so many kilometres of a point", rf"^{_NUMBER}(,{_NUMBER}){{2}}$"),
    BBOX,
]
PAGING = [
    _whole("limit", "rows a page", DEFAULT_LIMIT, 1, LARGEST_LIMIT),
    _whole("offset", "rows to skip", 0, 0, LARGEST_OFFSET),
]
JSON_OR_GEOJSON = OpenApiParameter(
    "format", {"type": "string", "enum": ["json", "geojson"]}, description="of the answer"
)
JSON_ONLY = OpenApiParameter("format", {"type": "string", "enum": ["json"]}, description="of the answer")
