"""Reading a text: what happened, where and when, by its words alone."""

from impact.places.gazetteer import Gazetteer
from impact.understanding.facts import Hints, Understanding


def read_text(text: str, hints: Hints, gazetteer: Gazetteer) -> Understanding:
    """What a text says. Pure and deterministic; never raises on any str."""
    return Understanding(
        language=hints.language or "und",
        language_confidence=0.0,
        is_report=bool(text.strip()),
    )
