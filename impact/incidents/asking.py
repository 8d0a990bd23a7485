"""The one question that would help most: where, then what, then when. Nothing is asked that is known."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pyproj import Geod
from rapidfuzz.distance import OSA

from impact.incidents.models import Incident, Report
from impact.places.gazetteer_store import current_gazetteer
from impact.places.models import Place
from impact.places.names import fold_name
from impact.understanding.answers import Asked
from impact.understanding.facts import Hints, PlaceFound, Understanding
from impact.understanding.places import place_found
from impact.understanding.unknown_names import unknown_name
from impact.vocabulary import Harm, PlaceMethod

MOST_CHOICES = 4
_GEOD = Geod(ellps="WGS84")
# A runner-up this much less likely than the first is no rival.
_RIVAL_MARGIN = 0.12
_SPELLING_MARGIN = 0.2
_NEIGHBOUR_DEG, _NEIGHBOUR_PEOPLE = 0.7, 5_000
_READ = {PlaceMethod.GAZETTEER, PlaceMethod.PRODUCING_AREA}


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose: what it is called, and its row in the gazetteer or among the areas."""

    label: str
    place_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    asked: Asked
    choices: tuple[Choice, ...] = ()


def next_question(report: Report, already: Collection[str] = ()) -> Question | None:
    """What to ask about a report as its case stands now; None when nothing that matters is missing.

    `already` holds what was asked before: nothing is asked twice. What is no report is asked nothing.
    """
    understanding = report.understood
    if understanding is None or not understanding.is_report:
        return None
    incident = report.incident
    wanted = (
        _which(report, incident, understanding),
        Question(Asked.WHERE) if incident.point is None else None,
        Question(Asked.WHAT) if set(incident.harm_codes) <= {Harm.OTHER} else None,
        Question(Asked.WHEN) if _lacks_day(incident) else None,
    )
    return next((asked for asked in wanted if asked and asked.asked not in already), None)


def _lacks_day(incident: Incident) -> bool:
    # A threat of what is still to come has no day.
    return incident.occurred_from is None and set(incident.harm_codes) != {Harm.THREATS}


def _which(report: Report, incident: Incident, understanding: Understanding) -> Question | None:
    """A choice between places: of the same name, or spelt like what was written when that is no name."""
    place = understanding.place
    if incident.point is None:
        rivals = _spelt_like(_unknown_name(report), report.sender_country)
    elif incident.place_method in _READ and place is not None and place.spans:
        written = report.text[place.spans[0].start : place.spans[0].end]
        is_misspelt = fold_name(written) not in current_gazetteer()
        alike = _spelt_like(written, place.country, fold_name(place.name)) if is_misspelt else []
        rivals = _apart([*_rivals(understanding.candidates), *alike])
    else:
        return None
    is_worth_asking = len(rivals) > (0 if incident.point is None else 1)
    return Question(Asked.WHICH, _labelled(rivals[:MOST_CHOICES])) if is_worth_asking else None


def _rivals(candidates: tuple[PlaceFound, ...]) -> Iterator[PlaceFound]:
    """The first place and those nearly as likely that the same words may mean."""
    named = [found for found in candidates if found.place_id is not None or found.area_id is not None]
    for found in named:
        if found.confidence >= named[0].confidence - _RIVAL_MARGIN and found.spans == named[0].spans:
            yield found


def _apart(places: Iterable[PlaceFound]) -> list[PlaceFound]:
    """Places without those that lie where an earlier one does: a town and its mine are one answer."""
    kept: list[PlaceFound] = []
    for place in places:
        if all(_are_apart(place, other) for other in kept):
            kept.append(place)
    return kept


def _are_apart(one: PlaceFound, other: PlaceFound) -> bool:
    _, _, distance_m = _GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)
    return bool(distance_m > 2 * (one.radius_m + other.radius_m))


def _unknown_name(report: Report) -> str:
    hints = Hints(report.received_at, report.sender_country, report.language)
    return unknown_name(report.text, hints, current_gazetteer())


def _spelt_like(written: str, country: str, read_as: str = "") -> list[PlaceFound]:
    """Places of a country whose names are nearly as like the written one as the likest, the likest first.

    `read_as` is the folded name that it was read as: names like that one may be meant as well.
    """
    key = fold_name(written)
    if not key or not country:
        return []
    gazetteer = current_gazetteer()
    places = {
        (match.place.kind, match.place.id): match.place
        for name in (key, read_as)
        if name
        for match in (*gazetteer.exact_matches(name), *gazetteer.similar_matches(name))
        if match.place.country == country and match.place.id
    }
    likeness = {
        row: max(OSA.normalized_similarity(key, fold_name(name)) for name in (place.name, *place.aliases))
        for row, place in places.items()
    }
    least = max(likeness.values(), default=0.0) - _SPELLING_MARGIN
    ranked = sorted(places, key=lambda row: (-likeness[row], -places[row].population))
    return _apart(place_found(places[row], likeness[row]) for row in ranked if likeness[row] >= least)


def _labelled(found: list[PlaceFound]) -> tuple[Choice, ...]:
    """The places by name, with what lies around them where that tells them apart."""
    around = [_region(place) for place in found]
    if len(set(around)) < len(found):
        around = [_larger_neighbour(place) for place in found]
    if len(set(around)) == 1:
        around = [""] * len(found)
    return tuple(
        Choice(_label(place, where), place.place_id, place.area_id)
        for place, where in zip(found, around, strict=True)
    )


def _label(place: PlaceFound, around: str) -> str:
    return f"{place.name}, {around}" if around and around != place.name else place.name


def _region(place: PlaceFound) -> str:
    row = Place.objects.filter(pk=place.place_id).first() if place.place_id is not None else None
    return row.region if row is not None else ""


def _larger_neighbour(place: PlaceFound) -> str:
    """The largest town within a day's ride: what people say a village is near."""
    near = Place.objects.filter(
        longitude__range=(place.longitude - _NEIGHBOUR_DEG, place.longitude + _NEIGHBOUR_DEG),
        latitude__range=(place.latitude - _NEIGHBOUR_DEG, place.latitude + _NEIGHBOUR_DEG),
        population__gte=_NEIGHBOUR_PEOPLE,
    ).exclude(name=place.name)
    largest = near.order_by("-population").first()
    return largest.name if largest else ""
