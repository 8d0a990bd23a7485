"""Exact places in a text: every coordinate in any notation, and the names that the gazetteer knows."""

from collections.abc import Iterator

from impact.places.gazetteer import Gazetteer
from impact.understanding.coordinates.angles import angle_readings
from impact.understanding.coordinates.grids import mgrs_readings, utm_readings
from impact.understanding.coordinates.links import geo_readings, map_links
from impact.understanding.coordinates.plus_codes import plus_code_readings
from impact.understanding.coordinates.verbatim import find_verbatim_places
from impact.understanding.facts import Span
from impact.understanding.lexicon import READ_IN_FULL, countries, lexicons
from impact.understanding.mentions import find_mentions
from impact.understanding.places import named_countries
from impact.understanding.redaction.findings import Kind
from impact.understanding.scanning import scan_text
from impact.understanding.tokens import span_of, tokens_of

# A province says no more than the country does; a town is where somebody can be looked for.
WIDEST_EXACT_M = 25_000.0

Found = tuple[Span, Kind, str]


def find_coordinate_spans(text: str) -> Iterator[Found]:
    """Every coordinate, link to a map, plus code and three-word address, as written."""
    for link in map_links(text):
        yield link, Kind.COORDINATES, "map_link"
    for verbatim in find_verbatim_places(text):
        yield verbatim.span, Kind.COORDINATES, "map_link"
    for readings in (
        geo_readings(text, _nowhere),
        angle_readings(text, _nowhere),
        utm_readings(text, _nowhere),
        mgrs_readings(text, _nowhere),
        plus_code_readings(text, None),
    ):
        for reading in readings:
            yield reading.span, Kind.COORDINATES, "coordinates"


def find_place_names(text: str, country: str, gazetteer: Gazetteer) -> Iterator[Found]:
    """Names of villages, towns and mines; names of countries and of wide regions are left alone."""
    tokens = tokens_of(text)
    marked = scan_text(text, tokens, [lexicons()[code] for code in READ_IN_FULL])
    home = frozenset({*named_countries(marked), *([country] if country else ())})
    for mention in find_mentions(marked, gazetteer, home, is_foreign=False):
        if any(match.place.radius_m <= WIDEST_EXACT_M for match in mention.matches):
            yield span_of(tokens, mention.first, mention.last), Kind.PLACE, "gazetteer"


def country_spans(text: str) -> list[Span]:
    """Where a text names a country."""

    return [match.span for match in countries().names.matches(tokens_of(text))]


def _nowhere(longitude: float, latitude: float) -> bool:
    return False
