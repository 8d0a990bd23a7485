"""All that identifies in one text, every occurrence of it, in the order of the text and without overlap."""

import re
from collections.abc import Iterable, Iterator

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Span
from impact.understanding.redaction.findings import Finding, Kind
from impact.understanding.redaction.numbers import find_numbers
from impact.understanding.redaction.people import PeopleFinder
from impact.understanding.redaction.places import country_spans, find_coordinate_spans, find_place_names
from impact.understanding.redaction.plain import bare_letters, folded_letters, plain_letters
from impact.understanding.redaction.reachable import find_reachable

_RANKS = {kind: rank for rank, kind in enumerate(Kind)}

_NUMBERS = {Kind.IDENTITY, Kind.PLATE, Kind.PHONE}

Found = tuple[Span, Kind, str]


def find_identifying(
    text: str, gazetteer: Gazetteer, *, country: str = "", said_anyway: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Names, relations, telephones, documents, plates, addresses, links and exact places in a text.

    `country` (ISO 3166-1 alpha-2) says where names of places are at home; `said_anyway` are names that
    point to nobody, those of countries. Signs, not a judgement: what is
    found may be harmless, and what only the story tells is not found. Never raises on any str.
    """
    seen, stood = bare_letters(text)
    plain = plain_letters(seen)
    folded = folded_letters(plain)
    found = [
        *find_reachable(plain, folded),
        *find_coordinate_spans(seen),
        *find_numbers(plain, folded),
        *_people(seen, country, gazetteer, [*country_spans(seen), *_spans_of(said_anyway, folded)]),
    ]
    return tuple(
        Finding(span, text[span.start : span.end], kind, why)
        for span, kind, why in (
            (Span(stood[span.start], stood[span.end - 1] + 1), kind, why)
            for span, kind, why in sorted(_apart(found), key=lambda one: one[0].start)
        )
    )


def _people(text: str, country: str, gazetteer: Gazetteer, countries: list[Span]) -> Iterator[Found]:
    """People and named places; a name written large that is a place's or a country's is no person's."""
    places = [
        place
        for place in find_place_names(text, country, gazetteer)
        if not any(_overlap(place[0], other) for other in countries)
    ]
    for span, kind, why in PeopleFinder(text).found():
        is_alone = why == "written_large"
        if is_alone and any(_holds(place, span) for place, _, _ in places):
            continue
        if is_alone and any(_overlap(span, other) for other in countries):
            continue
        yield span, kind, why
    yield from places


def _spans_of(names: Iterable[str], folded: str) -> Iterator[Span]:
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(folded_letters(name))}(?!\w)", folded):
            yield Span(*match.span())


def _apart(found: Iterable[Found]) -> list[Found]:
    """The findings without those that overlap one of a stronger kind, or a longer one of their own."""
    kept: list[Found] = []
    for one in sorted(found, key=_strength):
        touched = [other for other in kept if _overlap(one[0], other[0])]
        if not touched:
            kept.append(one)
        elif one[1] in _NUMBERS and touched[0][1] in _NUMBERS and len(touched) == 1:
            # A number of which one pattern sees a part is one number: no figure of it stays unmarked.
            span, kind, why = touched[0]
            kept.remove(touched[0])
            kept.append((Span(min(span.start, one[0].start), max(span.end, one[0].end)), kind, why))
    return kept


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _strength(one: Found) -> tuple[int, bool, int, int]:
    """By kind; a sign beside a name before mere capitals; the longer before the shorter."""
    span, kind, why = one
    return _RANKS[kind], why == "written_large", span.start - span.end, span.start


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
