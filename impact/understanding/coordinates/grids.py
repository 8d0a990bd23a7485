"""Metric grids: UTM, and the Military Grid Reference System (MGRS), both on WGS 84."""

import re
from collections.abc import Iterator
from functools import cache
from math import hypot

from mgrs import MGRS
from mgrs.core import MGRSError
from pyproj import Proj

from impact.understanding.coordinates.readings import GPS_ERROR_M, IsHome, Reading, is_amount
from impact.understanding.facts import Span

_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_BAND = r"(?P<band>[C-HJ-NP-X])"
_ZONE_WORDS = r"(?P<said>(?<!\w)(?:utm|mgrs)[\s:]{1,2}+)?(?:(?<!\w)(?:zone|zona|fuseau|fuso)[\s:]{1,2}+)?"
_FRACTION = r"(?:[.,][0-9]{1,3})?"
_UTM = re.compile(
    rf"(?<![\w.,+-]){_ZONE_WORDS}(?P<zone>[0-9]{{1,2}})\s?{_BAND}[\s,:]{{1,3}}+(?:utm[\s:]{{1,2}}+)?"
    rf"(?:(?:me|e|x)[\s:=]{{0,2}}+)?0?(?P<easting>[1-9][0-9]{{5}}){_FRACTION}"
    r"(?:\s?m?\s?e[\s,;/]{0,3}|\s?m?[\s,;/]{1,3})(?:(?:mn|n|y)[\s:=]{0,2}+)?"
    rf"0?(?P<northing>[0-9]{{5,8}}){_FRACTION}(?:\s?m?\s?n|m)?(?!\w|\.[0-9])",
    re.IGNORECASE,
)
_MGRS = re.compile(
    rf"(?<![\w.,+-]){_ZONE_WORDS}(?P<zone>[0-9]{{1,2}})(?P<gap>\s?){_BAND}(?P<parted>\s?)"
    r"(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])(?P<before_figures>\s?)"
    r"(?:(?P<first>[0-9]{2,5})\s(?P<second>[0-9]{2,5})|(?P<figures>[0-9]{4,10}))(?![\w+]|\.[0-9])",
    re.IGNORECASE,
)
_FALSE_NORTHING_M, _MOST_NORTHING_M = 10_000_000, 9_400_000
_ZONES, _BAND_HEIGHT_DEG, _BAND_MARGIN_DEG = 60, 8, 0.5
_MOST_ZEROS, _FULL_FIGURES, _YEAR_FIGURES, _CERTAIN_FIGURES = 3, 5, 4, 8
# "13 MAR 2026" has the shape of a grid square of a kilometre.
_MONTHS = frozenset(
    "JAN FEB FEV MAR APR AVR ABR MAY MAI JUN JUI JUL JLY AUG AOU AGO SEP SET OCT OUT NOV DEC DEZ DES".split()
)


def utm_readings(text: str, is_home: IsHome) -> Iterator[Reading]:
    """UTM as zone, band, easting and northing in metres.

    The letter is the band; S and N may as well be the hemisphere, and are where that alone falls into the
    sender's country. A northing that does not lie in its band is taken only in that country.
    """
    for match in _UTM.finditer(text):
        zone, band = int(match["zone"]), match["band"].upper()
        if not 1 <= zone <= _ZONES or is_amount(text, *match.span()):
            continue
        easting, northing = int(match["easting"]), int(match["northing"])
        ways: list[tuple[float, float]] = []
        for is_south in dict.fromkeys((band < "N", band == "S")):
            point = _point_of_utm(zone, is_south, easting, northing)
            is_letter_of_side = band in "NS" and is_south == (band == "S")
            if is_home(*point) or is_letter_of_side or _is_in_band(point[1], band):
                ways.append(point)
        if ways:
            longitude, latitude = next((way for way in ways if is_home(*way)), ways[0])
            yield Reading(
                span=Span(*match.span()),
                latitude=latitude,
                longitude=longitude,
                radius_m=hypot(*[10 ** _zeros(easting, northing) / 2] * 2) + GPS_ERROR_M,
            )


def mgrs_readings(text: str, is_home: IsHome) -> Iterator[Reading]:
    """MGRS with 4 to 10 figures, as the middle of its square."""
    for match in _MGRS.finditer(text):
        halves = _halves(match)
        if not halves or not 1 <= int(match["zone"]) <= _ZONES:
            continue
        letters = (match["band"] + match["square"]).upper()
        size = len(halves[0])
        # One figure more points to the middle of the square, and not to its corner.
        middle = [(half + "5")[:_FULL_FIGURES].ljust(_FULL_FIGURES, "0") for half in halves]
        try:
            latitude, longitude = _mgrs().toLatLon(f"{match['zone']}{letters}{''.join(middle)}")
        except MGRSError:
            continue
        yield Reading(
            span=Span(*match.span()),
            latitude=float(latitude),
            longitude=float(longitude),
            radius_m=hypot(*[10 ** (_FULL_FIGURES - size) / 2] * 2) + GPS_ERROR_M,
            is_doubtful=not _is_certain(match, letters, 2 * size),
        )


def _halves(match: re.Match[str]) -> tuple[str, str] | None:
    """Easting and northing within the square, of one length; None where the figures do not halve."""
    if match["first"]:
        return (match["first"], match["second"]) if len(match["first"]) == len(match["second"]) else None
    half, rest = divmod(len(match["figures"]), 2)
    return None if rest else (match["figures"][:half], match["figures"][half:])


def _is_certain(match: re.Match[str], letters: str, figures: int) -> bool:
    """Whether no words have this shape: "20 men 1200", "13MAR2026"."""
    if match["said"] or figures >= _CERTAIN_FIGURES:
        return True
    is_upper = match["band"].isupper() and match["square"].isupper()
    if not is_upper or match["gap"] or (match["before_figures"] and not match["parted"]):
        return False
    return figures > _YEAR_FIGURES or letters not in _MONTHS


def _point_of_utm(zone: int, is_south: bool, easting: float, northing: float) -> tuple[float, float]:
    """Longitude and latitude: every zone is the same projection, six degrees on."""
    from_middle, latitude = _transverse()(
        easting, northing - (_FALSE_NORTHING_M if is_south else 0), inverse=True
    )
    return float(from_middle) + zone * 6 - 183, float(latitude)


def _is_in_band(latitude: float, band: str) -> bool:
    south = -80 + _BAND_HEIGHT_DEG * _BANDS.index(band)
    north = south + _BAND_HEIGHT_DEG + (4 if band == "X" else 0)
    return south - _BAND_MARGIN_DEG <= latitude <= north + _BAND_MARGIN_DEG


def _zeros(*metres: int) -> int:
    """How many figures were left at zero in all of them: 512000 9345000 is to the kilometre."""
    zeros = 0
    while zeros < _MOST_ZEROS and all(value % 10 ** (zeros + 1) == 0 for value in metres):
        zeros += 1
    return zeros


@cache
def _transverse() -> Proj:
    return Proj("+proj=tmerc +lat_0=0 +lon_0=0 +k=0.9996 +x_0=500000 +y_0=0 +ellps=WGS84")


@cache
def _mgrs() -> MGRS:
    return MGRS()
