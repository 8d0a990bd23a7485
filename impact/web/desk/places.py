"""Places that a case could be at: those that the reading found, and those that a moderator looks up."""

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from impact.incidents.models import PLACE_NAME_LIMIT
from impact.places.basemap import country_name
from impact.places.gazetteer import NamedPlace
from impact.places.gazetteer_store import places_called
from impact.places.learnt_names import Meaning
from impact.understanding.facts import PlaceFound, Understanding
from impact.web.desk.wording import distance_words

_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place to choose: WGS 84 degrees, the radius in metres that holds the true place.

    The id is that of the gazetteer's place or of the producing area, where it is one of them.
    """

    name: str
    country: str
    longitude: float
    latitude: float
    radius_m: float
    place_id: int | None = None
    area_id: int | None = None

    @property
    def key(self) -> str:
        """The value of its radio button; `candidate_of` reads it back."""
        numbers = f"{self.longitude:.5f},{self.latitude:.5f},{self.radius_m:.0f}"
        return f"{numbers},{self.place_id or ''},{self.area_id or ''},{self.country},{self.name}"

    @property
    def meaning(self) -> Meaning:
        """What a name that reports use for it means."""
        return Meaning(self.name, self.longitude, self.latitude, self.radius_m, self.place_id, self.area_id)

    @property
    def words(self) -> str:
        """Such as "Tshikapa, Democratic Republic of the Congo · ± 5 km"."""
        name = f"{self.name}, {country_name(self.country)}" if self.country else self.name
        parts = [name, _("producing area")] if self.area_id else [name]
        return " · ".join((*parts, f"± {distance_words(self.radius_m)}"))


def candidates_read(readings: list[Understanding]) -> tuple[Candidate, ...]:
    """The places that the reader thought of, the best first, each once."""
    found = (_candidate(place) for reading in readings for place in reading.candidates)
    return tuple(dict.fromkeys(found))[:_MOST]


def candidates_called(name: str) -> list[Candidate]:
    """Places that a moderator looks up by a name, each once."""
    return list(dict.fromkeys(map(_candidate, places_called(name, _MOST))))


def _candidate(place: PlaceFound | NamedPlace) -> Candidate:
    return Candidate(
        place.name,
        place.country,
        round(place.longitude, 5),
        round(place.latitude, 5),
        round(place.radius_m),
        place.place_id,
        place.area_id,
    )


def candidate_of(key: str) -> Candidate | None:
    """The candidate that a radio button's value stands for; None for anything else."""
    parts = key.split(",", 6)
    try:
        longitude, latitude, radius_m = (float(part) for part in parts[:3])
        place_id, area_id = (int(part) if part else None for part in parts[3:5])
    except ValueError:
        return None
    numbers_are_right = all(isfinite(number) for number in (longitude, latitude, radius_m))
    if len(parts) != 7 or not numbers_are_right or radius_m <= 0 or "\0" in key:
        return None
    name = parts[6][:PLACE_NAME_LIMIT]
    return Candidate(name, parts[5], longitude, latitude, radius_m, place_id, area_id)
