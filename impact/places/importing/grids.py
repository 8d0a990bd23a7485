"""Points in metric grids: UTM by zone, easting and northing, and the squares of MGRS. WGS 84, unless another
datum is named.
"""

import re
from dataclasses import dataclass
from functools import cache
from math import hypot

from mgrs import MGRS
from mgrs.core import MGRSError
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from impact.places.basemap import country_at
from impact.places.importing.geometries import WGS84, Unusable
from impact.places.names import fold_letters

_NORTH = frozenset("north nord norte kaskazini".split())
_SOUTH = frozenset("south sud sul sur kusini".split())
_SIDE = "|".join(sorted(_NORTH | _SOUTH))
_ZONE_WORD = r"(?:utm|zone|zona|fuseau|fuso|huso)"
_MARKS = r"[\s_:.()/-]*"
_NUMBER = rf"(?P<number>[0-9]{{1,2}}){_MARKS}(?P<side>{_SIDE}|[c-hj-np-x])?(?![a-z0-9])"
_IN_HEADING = re.compile(rf"(?:{_ZONE_WORD}{_MARKS})+{_NUMBER}")
_IN_BRACKETS = re.compile(rf"\(\s*{_NUMBER}\s*\)")
_IN_CELL = re.compile(rf".*?(?<![0-9a-z])(?:{_ZONE_WORD}{_MARKS})*{_NUMBER}{_MARKS}")
_EPSG = re.compile(r"(?:epsg:?\s*)?32(?P<half>[67])(?P<number>[0-9]{2})")
_SQUARE = re.compile(
    r"(?P<zone>[0-9]{1,2})(?P<letters>[C-HJ-NP-X][A-HJ-NP-Z][A-HJ-NP-V])(?P<figures>[0-9]{0,10})"
)
_METRES = r"(?P<{}>[0-9]{{5,8}}(?:[.,][0-9]+)?)"
_UTM = re.compile(
    rf"(?:utm{_MARKS})?(?:zone{_MARKS})?{_NUMBER}[\s,;:]+(?:[ex][\s:=]*)?{_METRES.format('easting')}\s*m?\s*e?"
    rf"[\s,;/]+(?:[ny][\s:=]*)?{_METRES.format('northing')}\s*m?\s*n?"
)
# As pyproj's database calls them; a grid on one of these lies up to some hundred metres elsewhere.
_DATUMS = {
    "arc1950": "Arc 1950",
    "arc1960": "Arc 1960",
    "adindan": "Adindan",
    "camacupa": "Camacupa 1948",
    "minna": "Minna",
    "tete": "Tete",
}
_OTHER_DATUMS = re.compile(r"clarke|bessel|nad27|ed50|psad|sad69|hartebeesthoek|capedatum")
_UNSAID = (False, True)
_ZONES, _FIGURES = 60, 5
_EASTINGS, _LAST_NORTH, _FIRST_SOUTH, _MOST = (100_000, 999_999), 9_330_000, 1_115_000, 10_000_000


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of UTM. `sides`: whether it can be south of the equator, the likelier first; `datum` is none of
    WGS 84."""

    number: int
    sides: tuple[bool, ...]
    datum: str = ""


def zone_in_heading(heading: str) -> Zone | None:
    """The zone that the heading of a column names: "Easting (UTM 34S)", "X_UTM33N". Raises Unusable."""
    text = fold_letters(heading)
    found = _IN_HEADING.search(text) or _IN_BRACKETS.search(text)
    return _zone(found["number"], found["side"] or "", text) if found else None


def zone_in_cell(cell: str, hemisphere: str = "") -> Zone:
    """The zone that a cell names: "34S", "34M", "UTM 34 South", "EPSG:32734", and "34" beside a hemisphere.

    Raises Unusable, naming the cell.
    """
    text, half = fold_letters(cell).strip(), fold_letters(hemisphere).strip()
    if epsg := _EPSG.fullmatch(text):
        zone = _zone(epsg["number"], "south" if epsg["half"] == "7" else "north", "")
    else:
        found = _IN_CELL.fullmatch(text)
        zone = _zone(found["number"], found["side"] or half, text) if found else None
    if zone is None:
        raise Unusable(f"{cell[:40]!r} is no zone of UTM")
    return zone


def point_of_utm(easting: float, northing: float, zone: Zone, country: str) -> tuple[float, float]:
    """Longitude and latitude. `country` decides between north and south where the zone does not say.

    Raises Unusable, naming what cannot be.
    """
    if _EASTINGS[0] <= northing <= _EASTINGS[1] and easting > _EASTINGS[1]:
        raise Unusable(f"easting {easting:g} is impossible: easting and northing look swapped")
    if not _EASTINGS[0] <= easting <= _EASTINGS[1]:
        raise Unusable(f"easting {easting:g} is impossible in UTM: 100,000 to 999,999 metres")
    if not 0 <= northing <= _MOST:
        raise Unusable(f"northing {northing:g} is impossible in UTM: 0 to 10,000,000 metres")
    ways = {
        is_south: _degrees(zone, is_south, easting, northing)
        for is_south in zone.sides
        if (northing >= _FIRST_SOUTH if is_south else northing <= _LAST_NORTH)
    }
    at_home = [point for point in ways.values() if country and country_at(*point) == country]
    if len(at_home) == 1 or len(ways) == 1:
        return (at_home or list(ways.values()))[0]
    if not ways:
        raise Unusable(f"northing {northing:g} is impossible in that half of zone {zone.number}")
    if zone.sides == _UNSAID:
        raise Unusable(
            f"northing {northing:g} in zone {zone.number} can be north and south of the equator: write "
            f"{zone.number}N or {zone.number}S"
        )
    return next(iter(ways.values()))


def square_in(text: str) -> tuple[float, float, float] | None:
    """Longitude, latitude and radius in metres of a square of MGRS, by its middle: "34MBA1234567890",
    "34M BA 12 67"; None for what has not its form. Raises Unusable for a square that there is not."""
    found = _SQUARE.fullmatch(re.sub(r"[\s.,-]+", "", text.upper()).removeprefix("MGRS"))
    if found is None:
        return None
    size, rest = divmod(len(found["figures"]), 2)
    if rest or not 1 <= int(found["zone"]) <= _ZONES:
        raise Unusable(f"{text[:40]!r} is no square of MGRS")
    halves = found["figures"][:size], found["figures"][size:]
    # One figure more points to the middle of the square, and not to its corner.
    middle = "".join((half + "5")[:_FIGURES].ljust(_FIGURES, "0") for half in halves)
    try:
        latitude, longitude = _mgrs().toLatLon(f"{int(found['zone'])}{found['letters']}{middle}")
    except MGRSError:
        raise Unusable(f"{text[:40]!r} is no square of MGRS") from None
    return float(longitude), float(latitude), hypot(*[10 ** (_FIGURES - size) / 2] * 2)


def utm_in(text: str, country: str) -> tuple[float, float] | None:
    """Longitude and latitude of UTM in one cell, "34M 512345 9345678"; None for what has not its form.

    Raises Unusable.
    """
    found = _UTM.fullmatch(fold_letters(text).strip())
    if found is None:
        return None
    zone = _zone(found["number"], found["side"] or "", "")
    if zone is None:
        raise Unusable(f"{text[:40]!r} is in no zone of UTM")
    easting, northing = (float(found[name].replace(",", ".")) for name in ("easting", "northing"))
    return point_of_utm(easting, northing, zone, country)


def _zone(number: str, side: str, words: str) -> Zone | None:
    if not 1 <= int(number) <= _ZONES:
        return None
    joined = re.sub(r"[^a-z0-9]", "", words)
    if other := _OTHER_DATUMS.search(joined):
        raise Unusable(f"its grid is on {other[0]}: give its coordinate system with --crs")
    datum = next((name for key, name in _DATUMS.items() if key in joined), "")
    if side in _NORTH or side == "n":
        sides: tuple[bool, ...] = (False,)
    elif side in _SOUTH:
        sides = (True,)
    elif side == "s":  # the hemisphere; the band of that letter, in the north, where the country says so
        sides = (True, False)
    elif side:
        sides = (side < "n",)
    else:
        sides = _UNSAID
    return Zone(int(number), sides, datum)


def _degrees(zone: Zone, is_south: bool, easting: float, northing: float) -> tuple[float, float]:
    longitude, latitude = _from_utm(zone.number, is_south, zone.datum).transform(easting, northing)
    return float(longitude), float(latitude)


@cache
def _from_utm(number: int, is_south: bool, datum: str) -> Transformer:
    name = f"EPSG:32{7 if is_south else 6}{number:02}"
    if datum:
        name = f"{datum} / UTM zone {number}{'S' if is_south else 'N'}"
    try:
        return Transformer.from_crs(CRS.from_user_input(name), WGS84, always_xy=True)
    except CRSError:
        raise Unusable(f"{name}: no such coordinate system: give it with --crs") from None


@cache
def _mgrs() -> MGRS:
    return MGRS()
