"""Where a report is put on the map: what the reporter chose goes before what was read from the words."""

from dataclasses import dataclass

from django.db import connection

from impact.incidents.models import PLACE_NAME_LIMIT, PLACE_WORDS_LIMIT, Incident, Report
from impact.places.basemap import country_at
from impact.places.gazetteer_store import current_gazetteer
from impact.places.models import Place, ProducingArea
from impact.understanding.facts import Hints, PlaceFound, Understanding
from impact.understanding.reading import read_place
from impact.vocabulary import PlaceMethod

# A finger on a small map: a few kilometres at the zoom that a whole district fits on a phone.
REPORTER_POINT_UNCERTAINTY_M = 2_000.0
AREA_UNCERTAINTY_M = 10_000.0
_USUAL_PLACES = 5
_USUAL_POINTS = (
    f"SELECT ST_X(point), ST_Y(point) FROM {Incident._meta.db_table} WHERE point IS NOT NULL AND id IN "  # noqa: S608
    f"(SELECT incident_id FROM {Report._meta.db_table} WHERE reporter_id = %s) "
    "ORDER BY received_at DESC LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Placing:
    """A point as (longitude, latitude) in WGS 84 with its uncertainty in metres, or no point; and why."""

    point: tuple[float, float] | None = None
    uncertainty_m: float | None = None
    name: str = ""
    words: str = ""
    method: str = ""
    country: str = ""


def place_report(
    understanding: Understanding,
    hints: Hints,
    *,
    place_words: str = "",
    place_id: int | None = None,
    area_id: int | None = None,
    point: tuple[float, float] | None = None,
    point_uncertainty_m: float | None = None,
) -> Placing:
    """Where a report happened: the reporter's point, else their choice from the list, else the words."""
    if point is not None:
        return Placing(
            point=point,
            uncertainty_m=point_uncertainty_m or REPORTER_POINT_UNCERTAINTY_M,
            name=place_words[:PLACE_NAME_LIMIT],
            words=place_words[:PLACE_WORDS_LIMIT],
            method=PlaceMethod.REPORTER_POINT,
            country=country_at(*point),
        )
    if chosen := _chosen(place_id, area_id):
        return chosen
    if place_words:
        in_answer = read_place(place_words, hints, current_gazetteer())
        if in_answer:
            return _found(in_answer[0], place_words)
    if understanding.place:
        return _found(understanding.place, understanding.place.name)
    return Placing(words=place_words[:PLACE_WORDS_LIMIT])


def place_in_country(country: str, words: str) -> Placing:
    """Where a report happened of which the source knows the country (ISO 3166-1 alpha-2) and no more."""
    return Placing(words=words[:PLACE_WORDS_LIMIT], country=country)


def usual_points(reporter_id: int | None) -> tuple[tuple[float, float], ...]:
    """Where the latest reports of a reporter happened, as (longitude, latitude), at most five."""
    if reporter_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_USUAL_POINTS, [reporter_id, _USUAL_PLACES])
        return tuple(cursor.fetchall())


def _chosen(place_id: int | None, area_id: int | None) -> Placing | None:
    if area_id is not None and (area := ProducingArea.objects.filter(pk=area_id).first()):
        centre = area.geometry.point_on_surface
        return Placing(
            point=(centre.x, centre.y),
            uncertainty_m=area.accuracy_m or AREA_UNCERTAINTY_M,
            name=area.name,
            words=area.name,
            method=PlaceMethod.PRODUCING_AREA,
            country=area.country,
        )
    if place_id is not None and (place := Place.objects.filter(pk=place_id).first()):
        return Placing(
            point=(place.longitude, place.latitude),
            uncertainty_m=place.radius_m,
            name=place.name,
            words=place.name,
            method=PlaceMethod.GAZETTEER,
            country=place.country,
        )
    return None


def _found(found: PlaceFound, words: str) -> Placing:
    return Placing(
        point=(found.longitude, found.latitude),
        uncertainty_m=found.radius_m,
        name=found.name[:PLACE_NAME_LIMIT],
        words=words[:PLACE_WORDS_LIMIT],
        method=found.method,
        country=found.country or country_at(found.longitude, found.latitude),
    )
