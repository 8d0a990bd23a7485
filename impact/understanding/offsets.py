"""Places told from other places: "5 km north of X", "near X", "between A and B".

The point-radius method after the Georeferencing Quick Reference Guide (GBIF 2020) and Wieczorek, Guo and
Hijmans (2004), "The point-radius method for georeferencing locality descriptions".
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import cos, radians, sqrt

from pyproj import Geod

from impact.understanding.facts import PlaceFound, Span
from impact.understanding.mentions import NEAR, Mention
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import span_of
from impact.vocabulary import PlaceMethod

_GEOD = Geod(ellps="WGS84")
_NEAR_RADIUS_M = 5_000.0
_NARROWEST_MIDDLE_M = 1_000.0
_METRES_PER_MILE = 1_609.344
_MOST_OFFSET_M = 300_000.0
_OFFSET_REACH, _BETWEEN_REACH = 6, 3
_BEARINGS = {
    "north": 0.0,
    "northeast": 45.0,
    "east": 90.0,
    "southeast": 135.0,
    "south": 180.0,
    "southwest": 225.0,
    "west": 270.0,
    "northwest": 315.0,
}
_DISTANCE = re.compile(r"(\d{1,4})(?:[.,](\d{1,2}))?\s*$")


def offset_place(found: PlaceFound, mention: Mention, marked: MarkedText) -> PlaceFound:
    """ "5 km north of X" as the point there, "5 km from X" and "near X" as X with a wider radius."""
    units = [
        m
        for m in marked.marks("places", "kilometres", "miles")
        if 0 < mention.first - m.last <= _OFFSET_REACH
        and marked.tokens[m.first].sentence == marked.tokens[mention.first].sentence
    ]
    directions = [m for m in marked.marks("directions") if 0 < mention.first - m.last <= (3 if units else 2)]
    bearing = _BEARINGS[directions[-1].label.name] if directions else None
    distance = _distance_before(units[-1].first, units[-1].last, marked) if units else None
    if distance:
        factor = _METRES_PER_MILE if units[-1].label.name == "miles" else 1_000.0
        distance_m, precision_m = distance[0] * factor, distance[1] * factor
        if distance_m <= _MOST_OFFSET_M:
            span = Span(distance[2], found.spans[0].end)
            if bearing is None:
                return replace(found, radius_m=found.radius_m + distance_m, spans=(span,))
            longitude, latitude, _ = _GEOD.fwd(found.longitude, found.latitude, bearing, distance_m)
            return replace(
                found,
                name=marked.text[span.start : span.end],
                longitude=float(longitude),
                latitude=float(latitude),
                radius_m=offset_radius_m(found.radius_m, distance_m, precision_m, bearing),
                spans=(span,),
                place_id=None,
                area_id=None,
            )
    if mention.cue == NEAR or bearing is not None:
        return replace(found, radius_m=found.radius_m + _NEAR_RADIUS_M)
    return found


def _distance_before(first: int, last: int, marked: MarkedText) -> tuple[float, float, int] | None:
    """The number beside a unit, what its last digit is worth, and where it begins."""
    match = _DISTANCE.search(marked.text, max(0, marked.tokens[first].start - 12), marked.tokens[first].start)
    if match:
        decimals = len(match[2] or "")
        precision = 0.1**decimals if decimals else 10.0 if match[1].endswith("0") else 1.0
        return float(f"{match[1]}.{match[2] or 0}"), precision, match.start()
    if last + 1 < len(marked.tokens):
        number = marked.tokens[last + 1].number or marked.number_of(marked.tokens[last + 1].word)
        if number:
            return float(number), 10.0 if number % 10 == 0 else 1.0, marked.tokens[first].start
    number = marked.number_of(marked.tokens[first - 1].word) if first else None
    return (float(number), 1.0, marked.tokens[first - 1].start) if number else None


def middle_place(named_places: Sequence[tuple[Mention, PlaceFound]], marked: MarkedText) -> PlaceFound | None:
    """ "between A and B": the middle, with half the distance as radius; None where a text has no such words.

    `named_places` are the names found with what they mean, the likeliest meaning first.
    """
    ands = {m.first for m in marked.marks("places", "and")}
    in_order = sorted(named_places, key=lambda pair: pair[0].first)
    for cue in marked.marks("places", "between"):
        one = next((pair for pair in in_order if 0 < pair[0].first - cue.last <= _BETWEEN_REACH), None)
        other = one and next(
            (
                pair
                for pair in in_order
                if 0 < pair[0].first - one[0].last <= _BETWEEN_REACH
                and {pair[0].first - 1, pair[0].first - 2} & ands
            ),
            None,
        )
        if one and other:
            return _middle(one[1], other[1], span_of(marked.tokens, cue.first, other[0].last), marked.text)
    return None


def _middle(one: PlaceFound, other: PlaceFound, span: Span, text: str) -> PlaceFound:
    azimuth, _, distance_m = _GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)
    longitude, latitude, _ = _GEOD.fwd(one.longitude, one.latitude, azimuth, distance_m / 2)
    return PlaceFound(
        name=text[span.start : span.end],
        country=one.country if one.country == other.country else "",
        longitude=float(longitude),
        latitude=float(latitude),
        radius_m=max(float(distance_m) / 2, _NARROWEST_MIDDLE_M),
        method=PlaceMethod.GAZETTEER.value,
        confidence=min(one.confidence, other.confidence),
        spans=(span,),
    )


def offset_radius_m(feature_radius_m: float, distance_m: float, precision_m: float, bearing: float) -> float:
    """Radius in metres around a point that lies some distance from a named place at a heading.

    The feature's own radius, and the far corner of the wedge that the heading (45 degrees either side of
    north, east, south and west; 22.5 of the four between) and the distance's last digit leave open.
    """
    half_angle = 45.0 if bearing % 90 == 0 else 22.5
    far_m = distance_m + precision_m
    corner_m = sqrt(distance_m**2 + far_m**2 - 2 * distance_m * far_m * cos(radians(half_angle)))
    return feature_radius_m + corner_m
