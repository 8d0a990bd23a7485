"""From the cells of a gazetteer's row to a place that can be stored, or the reason why not."""

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass

from impact.places.basemap import country_at
from impact.places.gazetteer import place_radius_m
from impact.places.importing.countries import country_code
from impact.places.importing.geometries import NULL_ISLAND_DEGREES, coordinate
from impact.places.importing.source import cell_text
from impact.places.names import fold_letters

_SHORTEST_ALIAS = 3
_THOUSANDS = re.compile(r"(?<=\d)[\s.,'’](?=\d{3}(?!\d))")
_LARGEST_POPULATION = 2_000_000_000


class UnusableRow(Exception):
    """A row that no place can be made of; the message is the reason for the report."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place to be: `key` identifies it in the source; WGS 84 degrees, radius in metres."""

    key: str
    name: str
    aliases: tuple[str, ...]
    country: str
    region: str
    longitude: float
    latitude: float
    radius_m: float
    population: int
    feature_code: str


def make_place(
    *,
    key: str,
    name: str,
    aliases: tuple[str, ...],
    country: str,
    region: str,
    latitude: str,
    longitude: str,
    population: str,
    feature_code: str,
    radius: str = "",
) -> PlaceRow:
    """A place from the cells of a row. Raises UnusableRow.

    The radius is the row's own, or one by feature class and population (`place_radius_m`); a row without
    an identifier is known by its name and point.
    """
    name = cell_text(name)[:200]
    if not name:
        raise UnusableRow("it has no name")
    east, north = _point(longitude, latitude)
    people = _count(population)
    code = country_code(country) or country_at(east, north)
    if not code:
        raise UnusableRow(
            f"country {country!r} is not known" if country else "it lies in no country that we know"
        )
    digest = hashlib.sha256(f"{fold_letters(name)}\n{code}\n{east:.5f}\n{north:.5f}".encode()).hexdigest()
    return PlaceRow(
        key=cell_text(key)[:200] or digest[:32],
        name=name,
        aliases=clean_aliases(name, aliases),
        country=code,
        region=cell_text(region)[:100],
        longitude=east,
        latitude=north,
        radius_m=_radius_m(radius) or place_radius_m(feature_code, people),
        population=people,
        feature_code=cell_text(feature_code)[:10],
    )


def clean_aliases(name: str, aliases: tuple[str, ...]) -> tuple[str, ...]:
    """Other names in Latin letters, each spelling once.

    Left out are codes of airports, links, and what is the name again but for its accents.
    """
    kept: dict[str, str] = {}
    own = fold_letters(name)
    for alias in map(cell_text, aliases):
        folded = fold_letters(alias)
        is_code = len(alias) <= _SHORTEST_ALIAS and alias.isupper()
        if (
            len(alias) >= _SHORTEST_ALIAS
            and not is_code
            and folded != own
            and "/" not in alias
            and all(not c.isalpha() or "LATIN" in unicodedata.name(c, "") for c in alias)
        ):
            kept.setdefault(folded, alias)
    return tuple(kept.values())


def split_aliases(cell: str) -> tuple[str, ...]:
    """Names in one cell, joined by bars, semicolons or commas."""
    separator = next((mark for mark in "|;" if mark in cell), ",")
    return tuple(cell.split(separator))


def _point(longitude: str, latitude: str) -> tuple[float, float]:
    try:
        east, north = coordinate(longitude), coordinate(latitude)
    except ValueError as reason:
        raise UnusableRow(str(reason)) from None
    if abs(north) > 90 or abs(east) > 180:
        swapped = ": latitude and longitude look swapped" if abs(east) <= 90 and abs(north) <= 180 else ""
        raise UnusableRow(f"there is no such point as latitude {north:g}, longitude {east:g}{swapped}")
    if max(abs(east), abs(north)) < NULL_ISLAND_DEGREES:
        raise UnusableRow("coordinates are 0, 0")
    return east, north


def _count(text: str) -> int:
    """A number of people, 0 where it is none: "1 200", "1,200" and "1.200" are all twelve hundred."""
    try:
        return min(max(int(float(_THOUSANDS.sub("", text or "0"))), 0), _LARGEST_POPULATION)
    except (ValueError, OverflowError):
        return 0


def _radius_m(text: str) -> float | None:
    try:
        radius_m = float(text)
    except ValueError:
        return None
    return radius_m if math.isfinite(radius_m) and radius_m > 0 else None
