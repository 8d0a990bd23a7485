"""The first point that a text gives in any notation, checked against the globe and the sender's country."""

import re
from bisect import bisect_right
from collections.abc import Callable
from heapq import merge

from impact.understanding.coordinates.angles import angle_readings
from impact.understanding.coordinates.grids import mgrs_readings, utm_readings
from impact.understanding.coordinates.links import geo_readings, link_reading, map_links
from impact.understanding.coordinates.plus_codes import Reference, plus_code_readings
from impact.understanding.coordinates.readings import Reading
from impact.understanding.facts import PlaceFound, Span
from impact.vocabulary import PlaceMethod

# A phone's own fix, kept generous.
_LEAST_RADIUS_M = 100.0
# No one lives there: what a phone gives that knows nothing.
_NOWHERE_DEG = 0.001
_SURE, _ABROAD = 0.95, 0.7

# Every notation has three figures at least but plus codes, which have a plus.
_FIGURES_OR_PLUS = re.compile(r"\+|(?:[0-9][^0-9]*){3}")

InCountry = Callable[[str, float, float], bool]


def find_coordinates(
    text: str, sender_country: str, is_in_country: InCountry, reference: Reference | None = None
) -> PlaceFound | None:
    """The first point in a text, or None: degrees, UTM, MGRS, plus codes, geo: addresses, links to maps.

    Swapped pairs are set right only where the sender's country says so: `is_in_country(code, longitude,
    latitude)` is asked for both orders. 0,0 and what lies on no globe are left alone. The radius in metres
    is half the diagonal of what the last digit leaves open and 30 m for a GPS, never below 100 (GBIF
    Georeferencing Quick Reference Guide 2020). `reference` is where a short plus code is looked for.
    """
    if not _FIGURES_OR_PLUS.search(text):
        return None

    def is_home(longitude: float, latitude: float) -> bool:
        return bool(sender_country) and is_in_country(sender_country, longitude, latitude)

    links = map_links(text)
    linked = (reading for link in links if (reading := link_reading(text, link, is_home)))
    addresses = tuple(geo_readings(text, is_home))
    taken = sorted((*links, *(reading.span for reading in addresses)), key=lambda span: span.start)
    written = merge(
        angle_readings(text, is_home),
        utm_readings(text, is_home),
        mgrs_readings(text, is_home),
        plus_code_readings(text, reference),
        key=_start,
    )
    apart = (reading for reading in written if not _is_within(reading.span, taken))
    for reading in merge(linked, addresses, apart, key=_start):
        is_at_home = is_home(reading.longitude, reading.latitude)
        if _is_on_globe(reading) and (is_at_home or not reading.is_doubtful):
            is_sure = is_at_home or not sender_country
            return _place(reading, text, sender_country if is_at_home else "", _SURE if is_sure else _ABROAD)
    return None


def _start(reading: Reading) -> int:
    return reading.span.start


def _is_on_globe(reading: Reading) -> bool:
    return (abs(reading.latitude) <= 90 and abs(reading.longitude) <= 180) and not (
        abs(reading.latitude) < _NOWHERE_DEG and abs(reading.longitude) < _NOWHERE_DEG
    )


def _is_within(span: Span, taken: list[Span]) -> bool:
    """Whether a span overlaps one of some that are in order and apart."""
    before = bisect_right(taken, span.end - 1, key=lambda one: one.start) - 1
    return before >= 0 and taken[before].end > span.start


def _place(reading: Reading, text: str, country: str, confidence: float) -> PlaceFound:
    return PlaceFound(
        name=text[reading.span.start : reading.span.end],
        country=country,
        longitude=reading.longitude,
        latitude=reading.latitude,
        radius_m=max(_LEAST_RADIUS_M, reading.radius_m),
        method=PlaceMethod.COORDINATES.value,
        confidence=min(confidence, reading.sureness),
        spans=(reading.span, *reading.other_spans),
    )
