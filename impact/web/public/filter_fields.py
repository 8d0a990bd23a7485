"""What the fields of a filter offer, on every page that has them: a choice of the address is never lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from impact.places.covered import covered_countries
from impact.publication.filter_labels import filter_label
from impact.vocabulary import HARMS_BY_THEME, AreaKind, Mineral, Perpetrator, Theme, Verification

_PUBLISHED_AS = (Verification.VERIFIED, Verification.PARTIALLY_CORROBORATED)


def select_fields(given: Mapping[str, str], names: Iterable[str]) -> list[dict[str, Any]]:
    """Lists to choose one from, by name; several words of the address stay together as one choice."""
    return [_field(name, list(_choices(name)), given.get(name, "").strip()) for name in names]


def harm_fields(given: Mapping[str, str]) -> dict[str, Any]:
    """The harms by theme, to tick any of them, and those that the address has ticked."""
    words = (word.strip().lower() for word in given.get("harm", "").split(","))
    return {
        "groups": [
            (theme.label, [(harm.value, harm.label) for harm in harms])
            for theme, harms in HARMS_BY_THEME.items()
        ],
        "ticked": [word for word in words if word],
    }


def _choices(name: str) -> Iterable[tuple[str, Any]]:
    if name == "country":
        return covered_countries()
    choices: dict[str, list[tuple[str, Any]]] = {
        "theme": Theme.choices,
        "kind": [choice for choice in AreaKind.choices if choice[0] != AreaKind.UNKNOWN],
        "mineral": Mineral.choices,
        "perpetrator": Perpetrator.choices,
        "verification": [(grade.value, grade.label) for grade in _PUBLISHED_AS],
    }
    return choices[name]


def _field(name: str, choices: list[tuple[str, Any]], value: str) -> dict[str, Any]:
    value = value.upper() if name == "country" else value.lower()
    labels = dict(choices)
    if value and value not in labels:
        words = [word.strip() for word in value.split(",")]
        choices = [(value, ", ".join(str(labels.get(word, word)) for word in words)), *choices]
    return {"name": name, "label": filter_label(name), "choices": choices, "value": value}
