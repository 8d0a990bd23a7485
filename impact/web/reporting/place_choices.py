"""The places that a reporter's words can mean: "Tshikapa", and "karibu na Tshikapa" too."""

from django.utils import timezone

from impact.places.gazetteer import NamedPlace
from impact.places.gazetteer_store import current_gazetteer, places_called
from impact.understanding.answers import Asked, read_answer
from impact.understanding.facts import Hints


def place_choices(words: str) -> list[NamedPlace]:
    """Places by these words as a name; where there is none, by the name that is read out of them."""
    found = places_called(words)
    if found or not words.strip():
        return found
    read = read_answer(Asked.WHERE, words, Hints(received_at=timezone.now()), current_gazetteer())
    return places_called(read.place.name) if read.place else []
