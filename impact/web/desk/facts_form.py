"""Putting right what was misread, but for the place."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import Incident
from impact.moderation.deciding import Correction, correct_incident
from impact.moderation.transition import case_state
from impact.vocabulary import HARMS_BY_THEME, DatePrecision, Harm, Mineral, PeopleKind, Perpetrator, Scope
from impact.web.desk.case_form import CaseForm


class FactsForm(CaseForm):
    """What happened, to how many, by whom and when: all but the place."""

    action = "facts"
    main_harm = forms.ChoiceField(
        label=_("Main harm"), choices=[("", _("None")), *Harm.choices], required=False
    )
    harms = forms.MultipleChoiceField(
        label=_("All harms"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            (theme.label, [(harm.value, harm.label) for harm in harms])
            for theme, harms in HARMS_BY_THEME.items()
        ],
    )
    perpetrator = forms.ChoiceField(label=_("Alleged perpetrator"), choices=Perpetrator)
    minerals = forms.MultipleChoiceField(
        label=_("Minerals"), choices=Mineral, widget=forms.CheckboxSelectMultiple, required=False
    )
    occurred_from = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    occurred_to = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    occurred_precision = forms.ChoiceField(
        label=_("Precision of the day"), choices=DatePrecision, required=False
    )

    scope = forms.ChoiceField(
        label=_("Kimberley Process scope"), choices=[("", _("Not said")), *Scope.choices], required=False
    )
    has_identifiable_children = forms.BooleanField(
        label=_("Children can be identified: only senior moderators see it"), required=False
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for kind in PeopleKind:
            for end, words in (("low", _("at least")), ("high", _("at most"))):
                self.fields[f"{kind.value}_{end}"] = forms.IntegerField(
                    label=f"{kind.label}, {words}", min_value=0, max_value=1_000_000, required=False
                )

    def starting(self, incident: Incident) -> dict[str, Any]:
        return self.fields_of_state(case_state(incident))

    def fields_of_state(self, state: dict[str, Any]) -> dict[str, Any]:
        harms, days = state["harms"], state["occurred"]
        people = {
            f"{kind}_{end}": count.get(end)
            for kind, count in state["people"].items()
            for end in ("low", "high")
        }
        return {
            "main_harm": harms[0] if harms else "",
            "harms": harms,
            "perpetrator": state["perpetrator"],
            "minerals": state["minerals"],
            "occurred_from": days[0] if days else "",
            "occurred_to": days[-1] if days else "",
            "occurred_precision": state["occurred_precision"] or DatePrecision.DAY.value,
            "scope": state["scope"],
            "has_identifiable_children": state["has_identifiable_children"],
            **people,
        }

    def people_rows(self) -> list[tuple[Any, forms.BoundField, forms.BoundField]]:
        """(kind, at least, at most) for the template."""
        return [(kind.label, self[f"{kind.value}_low"], self[f"{kind.value}_high"]) for kind in PeopleKind]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("occurred_to") and not cleaned.get("occurred_from"):
            self.add_error("occurred_from", _("Say the first day too."))
        return cleaned

    def decide(self, moderator: User) -> str:
        correct_incident(**self.decision(moderator), correction=self.correction())
        return gettext("Corrected.")

    def correction(self) -> Correction:
        """All that the form holds: what is as it was is no change to the domain."""
        given = self.cleaned_data
        harms = [Harm(code) for code in (given["main_harm"], *given["harms"]) if code]
        first, last = given["occurred_from"], given["occurred_to"]
        return Correction(
            harms=tuple(dict.fromkeys(harms)),
            perpetrator=Perpetrator(given["perpetrator"]),
            minerals=tuple(given["minerals"]),
            people=self._people(),
            scope=Scope(given["scope"]) if given["scope"] else "",
            has_identifiable_children=given["has_identifiable_children"],
            occurred=(first, last or first) if first else (),
            occurred_precision=DatePrecision(given["occurred_precision"] or DatePrecision.DAY),
        )

    def _people(self) -> dict[str, dict[str, int]]:
        people = {}
        for kind in PeopleKind.values:
            low, high = self.cleaned_data[f"{kind}_low"], self.cleaned_data[f"{kind}_high"]
            if low is not None or high is not None:
                low = high if low is None else low
                people[kind] = {"low": low, "high": low if high is None else high}
        return people
