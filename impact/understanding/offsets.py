"""Places told from other places: "5 km north of X", "near X", "between A and B".

The point-radius method after the Georeferencing Quick Reference Guide (GBIF 2020) and Wieczorek, Guo and
Hijmans (2004), "The point-radius method for georeferencing locality descriptions".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, radians, sqrt

from pyproj import Geod

from impact.understanding.facts import PlaceFound, Span
from impact.understanding.mentions import Mention
from impact.understanding.phrases import Match
from impact.understanding.place_cues import NEAR, ROAD
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import span_of
from impact.vocabulary import PlaceMethod

_GEOD = Geod(ellps="WGS84")
_NEAR_RADIUS_M = 5_000.0
_NARROWEST_MIDDLE_M = 1_000.0
_METRES_PER_MILE = 1_609.344
_MOST_OFFSET_M = 300_000.0
# How many words may stand between a distance and the name, its direction and the name, two distances.
_OFFSET_REACH, _DIRECTION_REACH, _ALONE_REACH, _SECOND_REACH = 6, 3, 2, 5
_BETWEEN_REACH = 3
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
_DISTANCE = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]{1,2}))?\s*$")
_DASH = re.compile(r"\s?[-–—/]\s?")
# Decimals that stand for simple fractions: 7.5 is to the half, 3.75 to the quarter.
_FRACTIONS = {"5": 0.5, "50": 0.5, "25": 0.25, "75": 0.25}


@dataclass(frozen=True, slots=True)
class _Leg:
    """A distance in metres with what its last digit is worth, and the words that tell it."""

    distance_m: float
    precision_m: float
    unit: Match
    start: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Two names and the word that joins them: "between", "road"."""

    cue: Match
    one: Mention
    other: Mention


def offset_place(found: PlaceFound, mention: Mention, marked: MarkedText) -> PlaceFound:
    """The point that words before a name tell from it, or the name itself with the radius that they leave.

    "5 km north of X" and "6 km N and 4 km W of X" are points there; "5 km from X", "near X" and "north of
    X" are X with a wider radius.
    """
    leg = _leg_before(mention.first, _OFFSET_REACH, marked)
    direction = _direction_before(mention.first, _DIRECTION_REACH if leg else _ALONE_REACH, marked)
    if leg and direction:
        first_leg = _leg_before(leg.unit.first, _SECOND_REACH, marked)
        first_direction = first_leg and _direction_between(first_leg, leg, marked)
        if first_leg and first_direction and _is_right_angle(first_direction, direction):
            return _moved(found, ((first_leg, first_direction), (leg, direction)), marked)
        return _moved(found, ((leg, direction),), marked)
    if leg:
        span = Span(leg.start, found.spans[0].end)
        return replace(found, radius_m=found.radius_m + leg.distance_m + leg.precision_m, spans=(span,))
    if mention.cue in {NEAR, ROAD} or direction:
        return replace(found, radius_m=found.radius_m + _NEAR_RADIUS_M)
    return found


def _leg_before(token: int, reach: int, marked: MarkedText) -> _Leg | None:
    """The distance that stands shortly before a token, in its sentence."""
    for unit in reversed(marked.marks("places", "kilometres", "miles")):
        if (
            0 < token - unit.last <= reach
            and marked.tokens[unit.first].sentence == marked.tokens[token].sentence
        ):
            distance = _distance_before(unit.first, unit.last, marked)
            factor = _METRES_PER_MILE if unit.label.name == "miles" else 1_000.0
            if distance and distance[0] * factor <= _MOST_OFFSET_M:
                return _Leg(distance[0] * factor, distance[1] * factor, unit, distance[2])
            return None
    return None


def _direction_before(token: int, reach: int, marked: MarkedText) -> Match | None:
    directions = [mark for mark in marked.marks("directions") if 0 < token - mark.last <= reach]
    return directions[-1] if directions else None


def _direction_between(one: _Leg, other: _Leg, marked: MarkedText) -> Match | None:
    """The first direction after one distance and before the other."""
    return next(
        (
            mark
            for mark in marked.marks("directions")
            if one.unit.last < mark.first and marked.tokens[mark.last].end <= other.start
        ),
        None,
    )


def _is_right_angle(one: Match, other: Match) -> bool:
    return abs(_BEARINGS[one.label.name] - _BEARINGS[other.label.name]) in {90.0, 270.0}


def _moved(found: PlaceFound, legs: Sequence[tuple[_Leg, Match]], marked: MarkedText) -> PlaceFound:
    """A place moved along one leg, or along two at a right angle, whose headings are taken as exact."""
    longitude, latitude = found.longitude, found.latitude
    for leg, direction in legs:
        longitude, latitude, _ = _GEOD.fwd(
            longitude, latitude, _BEARINGS[direction.label.name], leg.distance_m
        )
    first, direction = legs[0]
    radius_m = found.radius_m + hypot(*(leg.precision_m for leg, _ in legs))
    if len(legs) == 1:
        bearing = _BEARINGS[direction.label.name]
        radius_m = offset_radius_m(found.radius_m, first.distance_m, first.precision_m, bearing)
    span = Span(first.start, found.spans[0].end)
    return replace(
        found,
        name=marked.text[span.start : span.end],
        longitude=float(longitude),
        latitude=float(latitude),
        radius_m=radius_m,
        spans=(span,),
        place_id=None,
        area_id=None,
    )


def _distance_before(first: int, last: int, marked: MarkedText) -> tuple[float, float, int] | None:
    """The number beside a unit, what its last digit is worth, and where it begins."""
    match = _DISTANCE.search(marked.text, max(0, marked.tokens[first].start - 12), marked.tokens[first].start)
    if match:
        precision = (
            _FRACTIONS.get(match[2], 0.1 ** len(match[2])) if match[2] else whole_precision(int(match[1]))
        )
        return float(f"{match[1]}.{match[2] or 0}"), precision, match.start()
    if last + 1 < len(marked.tokens):
        number = marked.tokens[last + 1].number or marked.number_of(marked.tokens[last + 1].word)
        if number:
            return float(number), whole_precision(number), marked.tokens[first].start
    number = marked.number_of(marked.tokens[first - 1].word) if first else None
    return (float(number), whole_precision(number), marked.tokens[first - 1].start) if number else None


def whole_precision(distance: int) -> float:
    """What the last figure written is worth: 12 is to one, 10 to ten, 300 to a hundred (GBIF quick guide)."""
    precision = 1
    while distance and distance % (precision * 10) == 0:
        precision *= 10
    return float(precision)


def joined_names(mentions: Sequence[Mention], marked: MarkedText) -> Joined | None:
    """The first two names that "between A and B" or "on the road A-B" joins, or None. Names in order."""
    if len(mentions) < 2:
        return None
    for cues, joints in (("between", "and"), ("road", "road_to")):
        joining = {mark.last for mark in marked.marks("places", joints)}
        for cue in marked.marks("places", cues):
            following = [mention for mention in mentions if mention.first > cue.last]
            if len(following) < 2 or following[0].first - cue.last > _BETWEEN_REACH:
                continue
            one, other = following[:2]
            words = range(one.last + 1, other.first)
            is_dashed = cues == "road" and _DASH.fullmatch(
                marked.text, marked.tokens[one.last].end, marked.tokens[other.first].start
            )
            is_near = len(words) < _BETWEEN_REACH and not joining.isdisjoint(words[-2:])
            is_one_sentence = marked.tokens[cue.first].sentence == marked.tokens[other.first].sentence
            if is_one_sentence and (is_dashed or is_near):
                return Joined(cue, one, other)
    return None


def middle_place(
    joined: Joined, named_places: Sequence[tuple[Mention, PlaceFound]], marked: MarkedText
) -> PlaceFound | None:
    """The middle of two joined names with half the distance as radius; None where either is not known.

    `named_places` are the names found with what they mean, the likeliest meaning first.
    """
    one = next((place for mention, place in named_places if mention.first == joined.one.first), None)
    other = next((place for mention, place in named_places if mention.first == joined.other.first), None)
    if one is None or other is None:
        return None
    return _middle(one, other, span_of(marked.tokens, joined.cue.first, joined.other.last), marked.text)


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
