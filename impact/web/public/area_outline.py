"""One area and what is around it, drawn on the server: for paper, and for browsers without JavaScript."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import shapely
from shapely.geometry.base import BaseGeometry

from impact.places.basemap import countries_geojson
from impact.places.models import Place, ProducingArea
from impact.vocabulary import AreaKind
from impact.web.public.area_points import PublishedPoint

WIDTH, HEIGHT = 640, 440
_KM_A_DEGREE = 111.32
_LEAST_KM = 30.0  # from the middle to the edge
_MOST_TOWNS = 4
_CLEAR = 40.0  # round the area, where its own name stands
_ROUND_KM = (5, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a point of the drawing; `shape` is an area's kind or an incident's theme."""

    x: float
    y: float
    size: float
    shape: str
    label: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class AreaOutline:
    """Paths and marks in a box of WIDTH by HEIGHT, north up."""

    land: str
    shape: str  # the path of a polygon, "" for a point
    kind: str
    place: Mark
    incidents: tuple[Mark, ...]
    neighbours: tuple[Mark, ...]
    towns: tuple[Mark, ...]
    scale_km: int
    scale_length: float


class _Frame:
    """Degrees to units: a plain cylinder that is true to scale at the middle."""

    def __init__(self, longitude: float, latitude: float, reach_km: float) -> None:
        self.longitude, self.latitude = longitude, latitude
        self.units_a_km = HEIGHT / 2 / reach_km
        self._x = _KM_A_DEGREE * math.cos(math.radians(latitude)) * self.units_a_km
        self._y = _KM_A_DEGREE * self.units_a_km

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        east = (longitude - self.longitude + 180) % 360 - 180
        return (
            round(WIDTH / 2 + east * self._x, 1),
            round(HEIGHT / 2 - (latitude - self.latitude) * self._y, 1),
        )

    def box(self) -> BaseGeometry:
        east, north = WIDTH / 2 / self._x, HEIGHT / 2 / self._y
        return shapely.box(
            self.longitude - east, self.latitude - north, self.longitude + east, self.latitude + north
        )

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    def path(self, shape: BaseGeometry) -> str:
        return "".join(
            "M" + "L".join(f"{x:g} {y:g}" for x, y in (self.place(*corner) for corner in ring)) + "Z"
            for ring in _rings(shape)
        )


def area_outline(
    area: ProducingArea, published: Sequence[PublishedPoint], neighbours: Iterable[ProducingArea]
) -> AreaOutline:
    """The area in the middle, published incidents at their masked points, neighbours and towns around it."""
    geometry = shapely.from_wkb(bytes(area.geometry.wkb))
    centre = shapely.point_on_surface(geometry)
    points = [(one.longitude, one.latitude) for one in published]
    frame = _Frame(centre.x, centre.y, _reach_km(geometry, centre, points))
    x, y = frame.place(centre.x, centre.y)
    scale_km = max((km for km in _ROUND_KM if km * frame.units_a_km <= WIDTH / 4), default=_ROUND_KM[0])
    return AreaOutline(
        land="".join(frame.path(shape) for shape in _land(frame.box())),
        shape=frame.path(geometry) if geometry.area else "",
        kind=area.kind,
        place=Mark(x, y, 9, area.kind, area.name),
        incidents=tuple(_incident_marks(frame, published)),
        neighbours=tuple(_area_marks(frame, neighbours)),
        towns=tuple(town for town in _towns(frame) if math.dist((town.x, town.y), (x, y)) > _CLEAR),
        scale_km=scale_km,
        scale_length=round(scale_km * frame.units_a_km, 1),
    )


def _reach_km(geometry: BaseGeometry, centre: BaseGeometry, points: list[tuple[float, float]]) -> float:
    corners = [*points, *shapely.get_coordinates(geometry).tolist()]
    farthest = max(
        (
            max(
                abs(latitude - centre.y) * _KM_A_DEGREE,
                abs((longitude - centre.x + 180) % 360 - 180)
                * _KM_A_DEGREE
                * math.cos(math.radians(centre.y))
                * HEIGHT
                / WIDTH,
            )
            for longitude, latitude in corners
        ),
        default=0.0,
    )
    return max(_LEAST_KM, farthest * 1.15)


def _incident_marks(frame: _Frame, published: Sequence[PublishedPoint]) -> Iterator[Mark]:
    """One mark for each place on the paper: how many, and the shape of the theme that most of them have."""
    at: dict[tuple[float, float], Counter[str]] = {}
    for one in published:
        at.setdefault(frame.place(one.longitude, one.latitude), Counter()).update(one.by_theme)
    for (x, y), themes in at.items():
        if frame.holds(x, y):
            most = max(sorted(themes), key=lambda theme: themes[theme])
            count = themes.total()
            yield Mark(x, y, round(min(8 + 2.5 * math.sqrt(count), 30), 1), most, "", count)


def _area_marks(frame: _Frame, areas: Iterable[ProducingArea]) -> Iterator[Mark]:
    for area in areas:
        inside = area.geometry.point_on_surface
        x, y = frame.place(inside.x, inside.y)
        if frame.holds(x, y):
            yield Mark(x, y, 6, area.kind or AreaKind.UNKNOWN, area.name)


def _towns(frame: _Frame) -> Iterator[Mark]:
    west, south, east, north = frame.box().bounds
    places = Place.objects.filter(
        longitude__range=(west, east), latitude__range=(south, north), population__gt=0
    ).order_by("-population")[:_MOST_TOWNS]
    for place in places:
        x, y = frame.place(place.longitude, place.latitude)
        yield Mark(x, y, 2.5, "", place.name)


@cache
def _countries() -> tuple[shapely.STRtree, list[BaseGeometry]]:
    shapes = [
        shapely.from_geojson(json.dumps(feature["geometry"])) for feature in countries_geojson()["features"]
    ]
    return shapely.STRtree(shapes), shapes


def _land(box: BaseGeometry) -> Iterator[BaseGeometry]:
    tree, shapes = _countries()
    for index in tree.query(box, predicate="intersects"):
        yield shapely.intersection(shapes[int(index)], box)


def _rings(shape: BaseGeometry) -> Iterator[list[list[float]]]:
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon" and not part.is_empty:
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring).tolist()
