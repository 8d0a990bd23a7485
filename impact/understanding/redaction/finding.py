"""All that identifies in one text, every occurrence of it, in the order of the text and without overlap."""

from collections.abc import Iterable, Iterator

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Span
from impact.understanding.redaction.findings import Finding, Kind
from impact.understanding.redaction.numbers import find_numbers
from impact.understanding.redaction.people import PeopleFinder
from impact.understanding.redaction.places import country_spans, find_coordinate_spans, find_place_names
from impact.understanding.redaction.plain import folded_letters, plain_letters
from impact.understanding.redaction.reachable import find_reachable

_RANKS = {kind: rank for rank, kind in enumerate(Kind)}

Found = tuple[Span, Kind, str]


def find_identifying(text: str, gazetteer: Gazetteer, *, country: str = "") -> tuple[Finding, ...]:
    """Names, relations, telephones, documents, plates, addresses, links and exact places in a text.

    `country` (ISO 3166-1 alpha-2) says where names of places are at home. Signs, not a judgement: what is
    found may be harmless, and what only the story tells is not found. Never raises on any str.
    """
    plain = plain_letters(text)
    folded = folded_letters(plain)
    found = [
        *find_reachable(plain, folded),
        *find_coordinate_spans(text),
        *find_numbers(plain, folded),
        *_people(text, country, gazetteer),
    ]
    return tuple(
        Finding(span, text[span.start : span.end], kind, why)
        for span, kind, why in sorted(_apart(found), key=lambda one: one[0].start)
    )


def _people(text: str, country: str, gazetteer: Gazetteer) -> Iterator[Found]:
    """People and named places; a name written large that is a place's or a country's is no person's."""
    places = list(find_place_names(text, country, gazetteer))
    taken = [*(span for span, _, _ in places), *country_spans(text)]
    for span, kind, why in PeopleFinder(text).found():
        if why != "written_large" or not any(_holds(other, span) for other in taken):
            yield span, kind, why
    yield from places


def _apart(found: Iterable[Found]) -> list[Found]:
    """The findings without those that overlap one of a stronger kind, or a longer one of their own."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (_RANKS[one[1]], one[0].start - one[0].end, one[0].start)):
        if not any(_overlap(one[0], other[0]) for other in kept):
            kept.append(one)
    return kept


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
