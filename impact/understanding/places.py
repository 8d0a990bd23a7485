"""Where it happened: the names of a text weighed against the sender's country, each other and their cues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pyproj import Geod

from impact.places.gazetteer import Gazetteer, NamedPlace, NameMatch
from impact.places.site_codes import site_codes_in
from impact.understanding.coordinates import Reference, find_coordinates
from impact.understanding.facts import Hints, PlaceFound, Span
from impact.understanding.lexicon import countries
from impact.understanding.mentions import Mention, find_mentions
from impact.understanding.offsets import joined_names, middle_place, offset_place
from impact.understanding.phrases import Match
from impact.understanding.place_cues import AT, AWAY, FROM, KEPT, MINE_OF, NEAR, NONE, ROAD
from impact.understanding.scanning import MarkedText
from impact.understanding.tokens import span_of
from impact.vocabulary import PlaceMethod

_GEOD = Geod(ellps="WGS84")
_MOST_CANDIDATES, _MOST_WEIGHED = 5, 20
_LEAST_SCORE, _LEAST_FOREIGN_SCORE = 0.5, 0.9
_CUE_WEIGHTS = {AT: 0.2, MINE_OF: 0.2, NEAR: 0.14, FROM: 0.06, ROAD: 0.06, KEPT: -0.1, AWAY: -0.3, NONE: 0.0}
# A moderator said so; still less than another country's name in the text.
_LEARNT_WEIGHT = 0.15
_CODE_CONFIDENCE = 0.97
_REGION_RADIUS_M = 25_000.0
_TOWN, _CITY = 20_000, 200_000
_NEIGHBOURHOOD_M = 150_000.0
_NEIGHBOUR_WEIGHT, _MOST_COMPARED = 0.08, 60
_PART_WEIGHT = 0.15
_AMBIGUOUS_MARGIN, _AMBIGUOUS_FACTOR = 0.06, 0.75
_SHORTEST_PLAIN_COUNTRY = 5
_ROAD_REACH = 3
_NEAR_REACH = 4


@dataclass(frozen=True, slots=True)
class _Scored:
    mention: Mention
    place: NamedPlace
    score: float


def find_places(
    marked: MarkedText,
    hints: Hints,
    gazetteer: Gazetteer,
    *,
    is_foreign: bool,
    is_of_mines: bool,
    is_coded: bool = False,
) -> tuple[PlaceFound, ...]:
    """Where it may have happened, best first, at most five; empty when no name can be trusted.

    Coordinates go before names. A name counts for more in the sender's country or one that the text
    names; without any such hint it is taken only where the text is of mines or harm (`is_of_mines`). In a
    coded message every field may be the place (`is_coded`).
    """
    names = _country_names(marked)
    named = {name.label.name for name in names}
    sender = frozenset({hints.sender_country} if hints.sender_country else ())
    home = frozenset(named) or sender
    named_places: list[tuple[Mention, PlaceFound]] = []
    joined = None
    if home or is_of_mines:
        mentions = find_mentions(marked, gazetteer, home | sender, is_foreign=is_foreign, is_coded=is_coded)
        mentions = [mention for mention in mentions if not _is_country(mention, names)]
        joined = joined_names(mentions, marked)
        if joined:
            # The road to B is no flight to B.
            ends = {joined.one, joined.other}
            mentions = [replace(m, cue=NONE) if m in ends and m.cue == AWAY else m for m in mentions]
        else:
            mentions = [replace(m, cue=ROAD) if _is_on_road_to(m, marked) else m for m in mentions]
        scored = [
            _Scored(mention, match.place, _score(mention, match, hints.sender_country, named, marked))
            for mention in mentions
            for match in mention.matches
        ]
        scored = _without_rivers(_with_usual_places(scored, hints))
        scored = _with_parts(_with_neighbours(scored))
        least = _LEAST_FOREIGN_SCORE if is_foreign else _LEAST_SCORE
        kept = sorted(
            (one for one in scored if one.score >= least),
            key=lambda one: (-one.score, one.place.radius_m, -one.place.population, one.mention.first),
        )[:_MOST_WEIGHED]
        named_places = [(one.mention, _found(one, kept, marked)) for one in kept]
    coordinates = find_coordinates(
        marked.text,
        hints.sender_country,
        gazetteer.is_in_country,
        _reference(named_places, hints.sender_country, gazetteer),
    )
    middle = middle_place(joined, named_places, marked) if joined else None
    found = [
        *([coordinates] if coordinates else []),
        *_coded_areas(marked.text, gazetteer),
        *([middle] if middle else []),
        *(offset_place(place, mention, marked) for mention, place in named_places[:_MOST_CANDIDATES]),
    ]
    return tuple(found[:_MOST_CANDIDATES])


def place_found(place: NamedPlace, confidence: float, *spans: Span) -> PlaceFound:
    """A place with a name as what a text says of it; `spans` are where it says so."""
    return PlaceFound(
        name=place.name,
        country=place.country,
        longitude=place.longitude,
        latitude=place.latitude,
        radius_m=place.radius_m,
        method=(PlaceMethod.PRODUCING_AREA if place.kind == "area" else PlaceMethod.GAZETTEER).value,
        confidence=confidence,
        spans=spans,
        place_id=place.place_id,
        area_id=place.area_id,
    )


def _coded_areas(text: str, gazetteer: Gazetteer) -> Iterator[PlaceFound]:
    """Producing areas by their printed codes ("SL17-43"); a code with a wrong figure names none."""
    for country, number, start, end in site_codes_in(text):
        area = gazetteer.area(number)
        if area is not None and area.country == country:
            yield place_found(area, _CODE_CONFIDENCE, Span(start, end))


def _reference(
    named_places: Sequence[tuple[Mention, PlaceFound]], sender_country: str, gazetteer: Gazetteer
) -> Reference | None:
    """Where a short plus code is looked for: the best named place, or else the middle of the country."""
    if named_places:
        _, place = named_places[0]
        return Reference(place.longitude, place.latitude, place.radius_m, place.spans)
    box = gazetteer.box_of_country(sender_country)
    if box is None:
        return None
    west, south, east, north = box
    _, _, across_m = _GEOD.inv(west, south, east, north)
    return Reference((west + east) / 2, (south + north) / 2, float(across_m) / 2)


def named_countries(marked: MarkedText) -> set[str]:
    """ISO codes of the countries that a text names; short names only when written as names."""
    return {match.label.name for match in _country_names(marked)}


def _country_names(marked: MarkedText) -> list[Match]:
    return [
        match
        for match in countries().names.matches(marked.tokens)
        if marked.tokens[match.first].is_capital
        or match.span.end - match.span.start > _SHORTEST_PLAIN_COUNTRY
        or match.size > 1
    ]


def _is_country(mention: Mention, names: Sequence[Match]) -> bool:
    """Whether the name is that of a country or a part of it ("in Guinea"), no place to put a point."""
    return any(name.first <= mention.first and mention.last <= name.last for name in names)


def _is_on_road_to(mention: Mention, marked: MarkedText) -> bool:
    """Whether a road leads to the name: what happened on it is told by where it leads."""
    return mention.cue == AWAY and any(
        0 < mention.first - road.first <= _ROAD_REACH for road in marked.marks("places", "road")
    )


def _score(
    mention: Mention, match: NameMatch, sender_country: str, named: set[str], marked: MarkedText
) -> float:
    place = match.place
    score = 0.5 + _CUE_WEIGHTS[mention.cue] + (0.08 if mention.is_capital else 0.0)
    score -= (1 - match.closeness) * 1.2 + (0.03 if match.is_alias and not match.is_learnt else 0.0)
    score += _LEARNT_WEIGHT if match.is_learnt else 0.0
    if named:
        # What is smuggled goes to another country, which the text then names.
        is_home = place.country == sender_country
        score += 0.2 + 0.05 * is_home if place.country in named else 0.1 if is_home else -0.45
    elif sender_country:
        score += 0.2 if place.country == sender_country else -0.35
    else:
        is_small = place.population < _TOWN and place.kind == "place"
        score -= (0.2 if is_small else 0.0) + (0.15 if match.is_alias else 0.0)
        following = mention.last + 1
        if following < len(marked.tokens) and marked.tokens[following].number is not None:
            score -= 0.35
    score += 0.06 if place.population >= _CITY else 0.03 if place.population >= _TOWN else 0.0
    if place.kind == "area":
        score += 0.1 if mention.cue == MINE_OF else -0.04
    if place.radius_m > _REGION_RADIUS_M:
        score -= 0.12
    return score


def _without_rivers(scored: list[_Scored]) -> list[_Scored]:
    """Without the towns far away that share the name of what lies near another: "the Kafue near Kitwe"."""
    near = [one for one in scored if one.mention.cue == NEAR]
    if not near or len(scored) > _MOST_COMPARED:
        return scored
    return [
        one
        for one in scored
        if not any(
            0 < other.mention.first - one.mention.last <= _NEAR_REACH
            and not _is_near(one.place, other.place.longitude, other.place.latitude)
            for other in near
        )
    ]


def _with_neighbours(scored: list[_Scored]) -> list[_Scored]:
    """A little more for meanings that lie near a meaning of another name in the text."""
    if len({one.mention.first for one in scored}) < 2 or len(scored) > _MOST_COMPARED:
        return scored
    return [
        replace(one, score=one.score + _NEIGHBOUR_WEIGHT)
        if any(
            other.mention.first != one.mention.first
            and _is_near(one.place, other.place.longitude, other.place.latitude)
            for other in scored
        )
        else one
        for one in scored
    ]


def _with_parts(scored: list[_Scored]) -> list[_Scored]:
    """A little less for regions in which another name of the text lies: "au Katanga, Kambove"."""
    regions = [one for one in scored if one.place.radius_m > _REGION_RADIUS_M]
    if not regions or len(regions) == len(scored) or len(scored) > _MOST_COMPARED:
        return scored
    return [
        replace(one, score=one.score - _PART_WEIGHT)
        if one in regions
        and any(
            other.mention.first != one.mention.first
            and other.mention.cue != AWAY
            and other.place.radius_m <= _REGION_RADIUS_M
            and _distance_m(other.place, one.place) < one.place.radius_m
            for other in scored
        )
        else one
        for one in scored
    ]


def _with_usual_places(scored: list[_Scored], hints: Hints) -> list[_Scored]:
    """A little more for meanings near where the same reporter's earlier reports happened."""
    if not hints.usual_points or len(scored) > _MOST_COMPARED:
        return scored
    return [
        replace(one, score=one.score + _NEIGHBOUR_WEIGHT)
        if any(_is_near(one.place, *point) for point in hints.usual_points)
        else one
        for one in scored
    ]


def _is_near(place: NamedPlace, longitude: float, latitude: float) -> bool:
    if abs(place.latitude - latitude) >= 2:
        return False
    _, _, distance_m = _GEOD.inv(place.longitude, place.latitude, longitude, latitude)
    return float(distance_m) < _NEIGHBOURHOOD_M


def _distance_m(one: NamedPlace, other: NamedPlace) -> float:
    _, _, distance_m = _GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)
    return float(distance_m)


def _found(one: _Scored, kept: Sequence[_Scored], marked: MarkedText) -> PlaceFound:
    mention, place = one.mention, one.place
    is_ambiguous = any(
        other.mention.first == mention.first
        and other.place != place
        and abs(other.score - one.score) < _AMBIGUOUS_MARGIN
        and _distance_m(other.place, place) > 2 * (place.radius_m + other.place.radius_m)
        for other in kept
    )
    confidence = round(min(0.97, max(0.05, one.score)) * (_AMBIGUOUS_FACTOR if is_ambiguous else 1.0), 2)
    return place_found(place, confidence, span_of(marked.tokens, mention.first, mention.last))
