"""Pages by limit and offset, as plain JSON or as a GeoJSON FeatureCollection (RFC 7946)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypedDict, TypeVar

from django.db.models import Model, QuerySet
from rest_framework.request import Request

from reports_api.view import GeoJSONRenderer, whole_number_of

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
LARGEST_OFFSET = 100_000_000
PARAMETERS = ("format", "limit", "offset")

Row = TypeVar("Row", bound=Model)


class Link(TypedDict):
    """RFC 8288: where else, and what is there."""

    rel: Literal["self", "next", "prev"]
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of rows out of `count`, and the addresses beside it."""

    rows: Sequence[Row]
    count: int
    address: str
    next: str | None
    previous: str | None

    def plain(self, record: Callable[[Row], Any]) -> dict[str, Any]:
        """`{count, next, previous, results}`."""
        return {
            "count": self.count,
            "next": self.next,
            "previous": self.previous,
            "results": [record(row) for row in self.rows],
        }

    def geojson(self, feature: Callable[[Row], Any]) -> dict[str, Any]:
        """A FeatureCollection with the counts and links of OGC API - Features."""
        links: list[Link] = [{"rel": "self", "href": self.address, "type": GeoJSONRenderer.media_type}]
        if self.next:
            links.append({"rel": "next", "href": self.next, "type": GeoJSONRenderer.media_type})
        if self.previous:
            links.append({"rel": "prev", "href": self.previous, "type": GeoJSONRenderer.media_type})
        return {
            "type": "FeatureCollection",
            "numberMatched": self.count,
            "numberReturned": len(self.rows),
            "links": links,
            "features": [feature(row) for row in self.rows],
        }


def page_of(rows: QuerySet[Row], request: Request, *, caps_limit: bool = False) -> Page[Row]:
    """The page that `limit` and `offset` ask for. Raises InvalidParameter.

    A limit above the largest is refused, or taken for the largest where it `caps_limit`.
    """
    most = LARGEST_OFFSET if caps_limit else LARGEST_LIMIT
    limit = min(whole_number_of(request, "limit", DEFAULT_LIMIT, least=1, most=most), LARGEST_LIMIT)
    offset = whole_number_of(request, "offset", 0, least=0, most=LARGEST_OFFSET)
    count = rows.count()
    return Page(
        rows=list(rows[offset : offset + limit]),
        count=count,
        address=request.build_absolute_uri(),
        next=_address(request, limit, offset + limit) if offset + limit < count else None,
        previous=_address(request, limit, max(offset - limit, 0)) if offset else None,
    )


def _address(request: Request, limit: int, offset: int) -> str:
    query = request.query_params.copy()
    query["limit"], query["offset"] = str(limit), str(offset)
    if isinstance(request.accepted_renderer, GeoJSONRenderer):
        # Followed by hand or by a program, without the Accept header of the first request.
        query["format"] = GeoJSONRenderer.format
    return request.build_absolute_uri(f"{request.path}?{query.urlencode(safe=',:')}")
