"""Names of places that moderators taught the reader: how they are kept, and in which countries they hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from pyproj import Geod

from impact.places.basemap import country_at
from impact.places.gazetteer import LearntName, NamedPlace
from impact.places.models import Place, ProducingArea, TaughtName
from impact.places.names import fold_name

# Two moderators who taught a name: from then on it holds in every country.
_TEACHERS_FOR_EVERYWHERE = 2
LONGEST_NAME = TaughtName._meta.get_field("written").max_length or 0
# As for a village whose extent is not known, see `place_radius_m`.
DEFAULT_RADIUS_M = 2_000.0
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where a taught name is: WGS 84 degrees, radius in metres (0 for not known), and the row that gave it,
    where one did.
    """

    called: str
    longitude: float
    latitude: float
    radius_m: float
    place_id: int | None = None
    area_id: int | None = None


def teach_name(written: str, meaning: Meaning, taught_by: int) -> bool:
    """Keep that a report's words name this place; whether that is new. `taught_by` is the user's key.

    A place in no country (at sea) teaches nothing. The same moderator's new meaning for a name in a
    country replaces their old one. Call inside the transaction of the correction that it comes from.
    """
    key = fold_name(written)[:LONGEST_NAME]
    country = country_at(meaning.longitude, meaning.latitude)
    if not key or not country:
        return False
    _, is_new = TaughtName.objects.update_or_create(
        key=key,
        country=country,
        taught_by_id=taught_by,
        defaults={
            "written": written[:LONGEST_NAME],
            "called": meaning.called or written,
            "place": Place.objects.filter(pk=meaning.place_id or 0).first(),
            "area": ProducingArea.objects.filter(pk=meaning.area_id or 0).first(),
            "longitude": meaning.longitude,
            "latitude": meaning.latitude,
            "radius_m": meaning.radius_m or DEFAULT_RADIUS_M,
        },
    )
    return is_new


def learnt_names() -> Iterator[LearntName]:
    """All taught names, one for each meaning and country in which it holds."""
    rows = TaughtName.objects.order_by("key", "pk").iterator(chunk_size=2000)
    for _, same_key in groupby(rows, key=lambda row: row.key):
        for agreeing in _by_meaning(same_key):
            teachers = {row.taught_by_id for row in agreeing}
            countries = {row.country for row in agreeing}
            place = _named_place(agreeing[-1])
            for country in {""} if len(teachers) >= _TEACHERS_FOR_EVERYWHERE else sorted(countries):
                yield LearntName(agreeing[0].key, place, country)


def _by_meaning(rows: Iterable[TaughtName]) -> list[list[TaughtName]]:
    """Rows of one name, those together that mean the same place."""
    groups: list[list[TaughtName]] = []
    for row in rows:
        group = next((group for group in groups if _mean_the_same(group[0], row)), None)
        if group is None:
            groups.append([row])
        else:
            group.append(row)
    return groups


def _mean_the_same(one: TaughtName, other: TaughtName) -> bool:
    if (one.place_id, one.area_id) != (other.place_id, other.area_id):
        return False
    if one.place_id or one.area_id:
        return True
    _, _, apart_m = _GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)
    return float(apart_m) <= max(one.radius_m, other.radius_m)


def _named_place(row: TaughtName) -> NamedPlace:
    kind, identifier = ("area", row.area_id) if row.area_id else ("place", row.place_id)
    return NamedPlace(
        kind=kind if identifier else "point",
        id=identifier or 0,
        name=row.called,
        aliases=(row.written,),
        country=row.country,
        longitude=row.longitude,
        latitude=row.latitude,
        radius_m=row.radius_m,
        population=0,
    )
