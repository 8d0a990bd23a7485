"""Places that a case could be at: those that the reading found, and those that a moderator looks up."""

from dataclasses import dataclass
from math import isfinite

from django.utils.translation import gettext as _

from impact.incidents.models import PLACE_NAME_LIMIT
from impact.places.basemap import country_name
from impact.places.gazetteer_store import places_called
from impact.understanding.facts import Understanding
from impact.web.desk.wording import distance_words

_MOST = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place to choose: WGS 84 degrees, the radius in metres that holds the true place."""

    name: str
    country: str
    longitude: float
    latitude: float
    radius_m: float
    is_area: bool = False

    @property
    def key(self) -> str:
        """The value of its radio button; `candidate_of` reads it back."""
        numbers = f"{self.longitude:.5f},{self.latitude:.5f},{self.radius_m:.0f}"
        return f"{numbers},{'area' if self.is_area else 'place'},{self.country},{self.name}"

    @property
    def words(self) -> str:
        """Such as "Tshikapa, Democratic Republic of the Congo · ± 5 km"."""
        name = f"{self.name}, {country_name(self.country)}" if self.country else self.name
        parts = [name, _("producing area")] if self.is_area else [name]
        return " · ".join((*parts, f"± {distance_words(self.radius_m)}"))


def candidates_read(readings: list[Understanding]) -> tuple[Candidate, ...]:
    """The places that the reader thought of, the best first, each once."""
    found = (
        Candidate(
            place.name,
            place.country,
            round(place.longitude, 5),
            round(place.latitude, 5),
            round(place.radius_m),
            place.area_id is not None,
        )
        for reading in readings
        for place in reading.candidates
    )
    return tuple(dict.fromkeys(found))[:_MOST]


def candidates_called(name: str) -> list[Candidate]:
    """Places that a moderator looks up by a name, each once."""
    found = (
        Candidate(
            place.name,
            place.country,
            round(place.longitude, 5),
            round(place.latitude, 5),
            round(place.radius_m),
            place.kind == "area",
        )
        for place in places_called(name, _MOST)
    )
    return list(dict.fromkeys(found))


def candidate_of(key: str) -> Candidate | None:
    """The candidate that a radio button's value stands for; None for anything else."""
    parts = key.split(",", 5)
    try:
        longitude, latitude, radius_m = (float(part) for part in parts[:3])
    except ValueError:
        return None
    numbers_are_right = all(isfinite(number) for number in (longitude, latitude, radius_m))
    if len(parts) != 6 or not numbers_are_right or radius_m <= 0 or "\0" in key:
        return None
    return Candidate(parts[5][:PLACE_NAME_LIMIT], parts[4], longitude, latitude, radius_m, parts[3] == "area")
