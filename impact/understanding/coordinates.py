"""Coordinates written in a text, in decimal degrees: signs or letters, points or commas, geo: addresses."""

import re
from collections.abc import Callable

from impact.understanding.facts import PlaceFound, Span
from impact.vocabulary import PlaceMethod

_DEGREES = r"[-+−]?\d{1,3}(?:[.,]\d{1,9})?"
_SIDE = r"[NSEWOLnsewol]"
_PAIR = re.compile(
    r"(?<![\w.,])(?:geo:|lat(?:itude)?\.?\s*[:=]?\s*)?"
    rf"(?P<before1>{_SIDE}(?=[\s\d+−-]))?\s*(?P<first>{_DEGREES})\s*°?\s*(?P<after1>{_SIDE}\b)?"
    r"\s*[,;/|]?\s*(?:lon(?:g)?(?:itude)?\.?\s*[:=]?\s*)?"
    rf"(?P<before2>{_SIDE}(?=[\s\d+−-]))?\s*(?P<second>{_DEGREES})\s*°?\s*(?P<after2>{_SIDE}\b)?(?!\w|\.\d|,\d(?!\d*z))",
    re.IGNORECASE,
)
_SOUTH_OR_WEST = set("SWO")
_LATITUDE_SIDES, _LONGITUDE_SIDES = set("NS"), set("EWOL")
_METRES_PER_DEGREE = 111_320
# A phone's own fix, by the GBIF quick guide's default for a GPS of unknown accuracy, kept generous.
_LEAST_RADIUS_M = 100.0
_FEW_DECIMALS = 3

InCountry = Callable[[str, float, float], bool]


def find_coordinates(text: str, sender_country: str, is_in_country: InCountry) -> PlaceFound | None:
    """The first pair of decimal degrees in a text, latitude first, or None.

    Swapped pairs are set right only where the sender's country says so: `is_in_country(code, longitude,
    latitude)` is asked for both orders. 0,0 and impossible pairs are left alone. The radius in metres is
    half of the last digit written, and never below 100.
    """
    for match in _PAIR.finditer(text):
        found = _place_of(match, sender_country, is_in_country)
        if found:
            return found
    return None


def _place_of(match: re.Match[str], sender_country: str, is_in_country: InCountry) -> PlaceFound | None:
    first_side = (match["before1"] or match["after1"] or "").upper()
    second_side = (match["before2"] or match["after2"] or "").upper()
    decimals = min(_decimals(match["first"]), _decimals(match["second"]))
    has_sides = bool(first_side and second_side)
    has_words = match[0].lower().startswith(("geo:", "lat"))
    first, second = _signed(match["first"], first_side), _signed(match["second"], second_side)
    if first_side in _LONGITUDE_SIDES and second_side in _LATITUDE_SIDES:
        first, second = second, first
    latitude, longitude = first, second
    if (
        sender_country
        and not has_sides
        and not is_in_country(sender_country, longitude, latitude)
        and is_in_country(sender_country, latitude, longitude)
    ):
        latitude, longitude = longitude, latitude
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180) or (latitude, longitude) == (0, 0):
        return None
    is_home = bool(sender_country) and is_in_country(sender_country, longitude, latitude)
    # Bare figures with few decimals are as likely to be prices or carats.
    if decimals < (1 if has_sides or has_words else 2 if is_home else _FEW_DECIMALS):
        return None
    return PlaceFound(
        name=match[0].strip(),
        country=sender_country if is_home else "",
        longitude=longitude,
        latitude=latitude,
        radius_m=max(_LEAST_RADIUS_M, _METRES_PER_DEGREE * 10.0**-decimals / 2),
        method=PlaceMethod.COORDINATES.value,
        confidence=0.95 if is_home or not sender_country else 0.7,
        spans=(Span(*match.span()),),
    )


def _signed(degrees: str, side: str) -> float:
    value = float(degrees.replace(",", ".").replace("−", "-"))
    return -abs(value) if side in _SOUTH_OR_WEST and side else value


def _decimals(degrees: str) -> int:
    return len(re.split(r"[.,]", degrees, maxsplit=1)[1]) if re.search(r"[.,]", degrees) else 0
