"""Points in addresses that a machine wrote: geo: addresses (RFC 5870) and links to maps."""

import re
from collections.abc import Iterator
from math import cos, radians
from urllib.parse import unquote_plus

from impact.understanding.coordinates.readings import (
    GPS_ERROR_M,
    IsHome,
    Reading,
    half_diagonal_m,
    is_swapped,
)
from impact.understanding.facts import Span

_LATITUDE = r"(?P<latitude>[-+−]?[0-9]{1,3}(?:\.[0-9]{1,20})?)"
_LONGITUDE = r"(?P<longitude>[-+−]?[0-9]{1,3}(?:\.[0-9]{1,20})?)(?![0-9])"
_PAIR = rf"{_LATITUDE},\s?{_LONGITUDE}"
_GEO = re.compile(
    rf"(?<!\w)geo:{_PAIR}(?:,-?[0-9]{{1,5}}(?:\.[0-9]{{1,9}})?)?"
    r"(?P<parameters>(?:;[a-z0-9-]{1,20}(?:=[a-z0-9.+-]{1,30})?){0,6})"
    rf"(?:\?[^\s<>\"]{{0,300}})?",
    re.IGNORECASE,
)
_GEO_QUERY = re.compile(rf"[?&]q={_PAIR}")
_GEO_RADIUS = re.compile(r";u=([0-9]{1,6}(?:\.[0-9]{1,9})?)(?![0-9.])", re.IGNORECASE)
_GEO_DATUM = re.compile(r";crs=(?!wgs84\b)", re.IGNORECASE)
_LINK = re.compile(
    r"(?<![\w.@])(?:https?://)?(?:www\.)?"
    r"(?:maps\.google\.[a-z]{2,3}(?:\.[a-z]{2})?/|google\.[a-z]{2,3}(?:\.[a-z]{2})?/maps|maps\.app\.goo\.gl/"
    r"|goo\.gl/maps/|maps\.apple(?:\.com)?/|(?:openstreetmap|osm)\.org/|(?:ul\.)?waze\.com/"
    r"|bing\.com/maps|(?:share|wego)\.here\.com/)[^\s<>\"]*",
    re.IGNORECASE,
)
_SENTENCE_END = ".,;:!?"
_LINK_END = _SENTENCE_END + ")]}'’”»*_"
# The pin before the query, the query before the middle of what was looked at.
_POINTS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"!3d{_LATITUDE}!4d{_LONGITUDE}",
        rf"[?&#]mlat={_LATITUDE}&mlon={_LONGITUDE}",
        rf"[?&#](?:q|query|daddr|destination)=(?:loc:)?\s?{_PAIR}",
        rf"/{_PAIR}",
        rf"[?&#](?:ll|sll|coordinate|center|saddr|viewpoint|map)=(?:loc:)?\s?{_PAIR}",
        rf"[?&#]cp={_LATITUDE}~{_LONGITUDE}",
    )
)
_VIEWS = (
    re.compile(rf"/@{_PAIR},(?P<zoom>[0-9]{{1,2}}(?:\.[0-9]{{1,3}})?)z"),
    re.compile(rf"#map=(?P<zoom>[0-9]{{1,2}}(?:\.[0-9]{{1,3}})?)/{_LATITUDE}/{_LONGITUDE}"),
    re.compile(rf"/@{_PAIR}"),
)
# A tile of 256 pixels spans the equator at zoom 0; a phone is some 400 pixels wide.
_METRES_PER_PIXEL = 40_075_017 / 256
_HALF_VIEW_PX = 200
_WIDEST_ZOOM = 5.0


def map_links(text: str) -> tuple[Span, ...]:
    """Every link to a map, without the full stop or bracket that ends its sentence."""
    if "/" not in text:
        return ()
    return tuple(
        Span(match.start(), match.start() + len(match[0].rstrip(_LINK_END))) for match in _LINK.finditer(text)
    )


def link_reading(text: str, link: Span, is_home: IsHome) -> Reading | None:
    """The point that a link to a map carries, or None; a link that only shows a view has a wider radius."""
    address = unquote_plus(text[link.start : link.end])
    for pattern in _POINTS:
        match = pattern.search(address)
        if match:
            return _reading(match, link, is_home, GPS_ERROR_M)
    for pattern in _VIEWS:
        match = pattern.search(address)
        if match:
            zoom = float(match.groupdict().get("zoom") or _WIDEST_ZOOM)
            pixel_m = _METRES_PER_PIXEL * cos(radians(float(_plain(match["latitude"])))) / 2**zoom
            return _reading(match, link, is_home, _HALF_VIEW_PX * abs(pixel_m))
    return None


def geo_readings(text: str, is_home: IsHome) -> Iterator[Reading]:
    """geo: addresses; `u` is the radius in metres, and the `q` of Android's goes before its middle."""
    for match in _GEO.finditer(text):
        if _GEO_DATUM.search(match["parameters"]):
            continue
        end = match.start() + len(match[0].rstrip(_SENTENCE_END))
        given = _GEO_RADIUS.search(match["parameters"])
        pinned = _GEO_QUERY.search(unquote_plus(match[0]))
        reading = _reading(
            pinned or match, Span(match.start(), end), is_home, float(given[1]) if given else GPS_ERROR_M
        )
        if reading:
            yield reading


def _reading(match: re.Match[str], span: Span, is_home: IsHome, error_m: float) -> Reading | None:
    latitude, longitude = _plain(match["latitude"]), _plain(match["longitude"])
    # Machines drop the zeros at the end, so that the longer of the two tells how fine both are.
    decimals = max(len(figures.partition(".")[2]) for figures in (latitude, longitude))
    if not decimals:
        return None
    first, second = float(latitude), float(longitude)
    if is_swapped(first, second, is_home):
        first, second = second, first
    unit_deg = 10.0**-decimals
    return Reading(
        span=span,
        latitude=first,
        longitude=second,
        radius_m=half_diagonal_m(first, unit_deg, unit_deg) + error_m,
    )


def _plain(figures: str) -> str:
    return figures.replace("−", "-")
