"""Two moderators, one case: what the second typed is laid over what the first changed, field by field.

A field that the second left as they found it takes the first one's value. One that both changed keeps what
the second typed, and the page says what it is now. Nothing is saved by this: they look, and send again.
"""

from dataclasses import dataclass
from typing import Any

from django import forms

from impact.incidents.models import Incident
from impact.moderation.models import VERSIONLESS, Decision
from impact.moderation.transition import case_state


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed: its label, and what the other one made of it."""

    field: forms.BoundField
    now: str


def state_at(incident: Incident, version: int) -> dict[str, Any]:
    """The case as it was at an earlier version: the log undone from its end."""
    state = case_state(incident)
    decisions = Decision.objects.filter(incident=incident).exclude(action__in=VERSIONLESS)
    for decision in decisions.order_by("-sequence")[: max(0, incident.version - version)]:
        state |= {name: value for name, value in decision.before.items() if name in state}
    return state


def rebased_data(
    form: forms.Form, data: Any, before: dict[str, Any], now: dict[str, Any]
) -> tuple[Any, dict[str, str]]:
    """The typed data over what changed; and the fields that both changed, with what they are now."""
    merged, conflicts = data.copy(), {}
    for name, field in form.fields.items():
        if name not in before and name not in now:
            continue
        old, new = _written(field, before.get(name)), _written(field, now.get(name))
        typed = sorted(value for value in data.getlist(name) if value != "")
        if old == new:
            continue
        if typed == old:
            merged.setlist(name, new)
        elif typed != new:
            conflicts[name] = ", ".join(_labels(field, new)) or "–"
    return merged, conflicts


def _written(field: forms.Field, value: Any) -> list[str]:
    """A value as a browser sends it."""
    if value in (None, "", [], False):
        return []
    if isinstance(field, forms.BooleanField):
        return ["on"]
    values = value if isinstance(value, (list, tuple)) else [value]
    return sorted(str(one) for one in values)


def _labels(field: forms.Field, values: list[str]) -> list[str]:
    choices: Any = getattr(field, "choices", ())
    labels: dict[str, str] = {}
    for key, label in choices:
        inner = label if isinstance(label, (list, tuple)) else [(key, label)]
        labels |= {str(code): str(words) for code, words in inner}
    return [labels.get(value, value) for value in values]
