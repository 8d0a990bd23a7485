"""The standing cast of these tests: a small gazetteer, a Friday, and how to ask."""

from datetime import UTC, datetime

from impact.places.gazetteer import Gazetteer, NamedPlace
from impact.understanding.facts import Hints, Understanding
from impact.understanding.lexicon import READ_IN_FULL, lexicons
from impact.understanding.reading import read_text
from impact.understanding.scanning import MarkedText, scan_text
from impact.understanding.tokens import tokens_of

FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def place(
    number: int,
    name: str,
    country: str,
    longitude: float,
    latitude: float,
    *aliases: str,
    people: int = 30_000,
) -> NamedPlace:
    return NamedPlace("place", number, name, aliases, country, longitude, latitude, 5000.0, people)


def area(
    number: int, name: str, country: str, longitude: float, latitude: float, *aliases: str
) -> NamedPlace:
    return NamedPlace("area", number, name, aliases, country, longitude, latitude, 4000.0, 0)


GAZETTEER = Gazetteer(
    [
        place(1, "Tshikapa", "CD", 20.8, -6.416, "Tchikapa", people=260_000),
        place(2, "Mbuji-Mayi", "CD", 23.59, -6.136, "Bakwanga", people=1_600_000),
        place(3, "Koidu", "SL", -10.971, 8.644),
        place(4, "Kenema", "SL", -11.19, 7.877, people=140_000),
        place(5, "Bo", "SL", -11.738, 7.965, people=170_000),
        place(6, "Boda", "CF", 17.469, 4.319),
        place(7, "Boda", "CD", 20.8, -6.9),
        place(8, "Cafunfo", "AO", 17.996, -8.767),
        place(9, "Mwadui", "TZ", 33.6, -3.55),
        place(10, "Kamako", "CD", 20.9, -7.3, people=9_000),
        place(11, "Man", "CI", -7.55, 7.41, people=139_000),
        place(12, "Mali", "GN", -12.1, 12.08),
        place(13, "Delmas", "ZA", 28.68, -26.15),
        place(14, "Kono", "SL", -10.9, 8.7, people=3_000),
        place(15, "Prestea", "GH", -2.14, 5.43),
        place(16, "Kaya", "BF", -1.08, 13.09),
        area(21, "Catoca", "AO", 20.3, -9.41),
        area(22, "Koidu kimberlite", "SL", -10.98, 8.63, "Koidu"),
    ]
)


def marked(text: str, *languages: str) -> MarkedText:
    """The text with its phrases marked by the lexicons of these languages, all four by default."""
    books = lexicons()
    return scan_text(text, tokens_of(text), [books[code] for code in languages or READ_IN_FULL])


def read(
    text: str, country: str = "", *, received_at: datetime = FRIDAY, language: str = ""
) -> Understanding:
    return read_text(text, Hints(received_at, country, language), GAZETTEER)


def words(text: str, understanding_spans: tuple[object, ...]) -> list[str]:
    """The letters that some spans hold."""
    return [text[span.start : span.end] for span in understanding_spans]  # type: ignore[attr-defined]
