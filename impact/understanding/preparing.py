"""Preparing to read: what reading takes from files is loaded at start, and not by the first message."""

from datetime import UTC, datetime

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints
from impact.understanding.reading import read_text

_EXAMPLES = (("Soldiers shot two men near the mine yesterday", "SL"), ("Des soldats ont tué un homme", "CD"))


def prepare_reading() -> None:
    """Load the lexicons and the detector of languages, by reading: most of a second. Asks no database."""
    for text, country in _EXAMPLES:
        read_text(text, Hints(datetime.now(UTC), country), Gazetteer(()))
