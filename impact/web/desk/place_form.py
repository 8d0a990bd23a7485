"""Putting a case somewhere else."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from impact.accounts.models import User
from impact.incidents.models import PLACE_NAME_LIMIT, Incident
from impact.moderation.deciding import Correction, correct_incident
from impact.places.gazetteer_store import forget_gazetteer
from impact.places.learnt_names import LONGEST_NAME
from impact.understanding.unknown_names import can_be_a_name, stands_in
from impact.web.desk.case_form import CaseForm
from impact.web.desk.places import Candidate, candidate_of, candidates_called


class PlaceForm(CaseForm):
    """Where it happened: a candidate, a name that is looked up, or a typed point."""

    action = "place"
    choice = forms.ChoiceField(label=_("Place"), widget=forms.RadioSelect, required=False)
    name = forms.CharField(label=_("Look up a name"), max_length=200, required=False)
    longitude = forms.FloatField(label=_("Longitude"), min_value=-180, max_value=180, required=False)
    latitude = forms.FloatField(label=_("Latitude"), min_value=-90, max_value=90, required=False)
    uncertainty_km = forms.FloatField(
        label=_("True place within (km)"), min_value=0.01, max_value=1000, required=False
    )
    place_name = forms.CharField(label=_("Called"), max_length=PLACE_NAME_LIMIT, required=False)
    in_report = forms.CharField(label=_("The report calls it"), max_length=LONGEST_NAME, required=False)

    def __init__(
        self, *arguments: Any, candidates: tuple[Candidate, ...] = (), unknown_name: str = "", **named: Any
    ) -> None:
        self.unknown_name = unknown_name
        super().__init__(*arguments, **named)
        self.found = candidates_called(self.data.get("name", "")) if self.is_bound else []
        self.candidates = (*candidates, *(place for place in self.found if place not in candidates))
        field = self.fields["choice"]
        if isinstance(field, forms.ChoiceField):
            chosen = candidate_of(self.data.get("choice", "")) if self.is_bound else None
            known = (*self.candidates, *([chosen] if chosen and chosen not in self.candidates else ()))
            field.choices = [(place.key, place.words) for place in known] + [
                ("typed", _("The point typed below"))
            ]
        self.fields["longitude"].widget.attrs["step"] = "any"
        self.fields["latitude"].widget.attrs["step"] = "any"
        self.fields["uncertainty_km"].widget.attrs["step"] = "any"

    def starting(self, incident: Incident) -> dict[str, Any]:
        point = incident.point
        return {
            "longitude": round(point.x, 5) if point else None,
            "latitude": round(point.y, 5) if point else None,
            "uncertainty_km": incident.uncertainty_m / 1000 if incident.uncertainty_m else None,
            "place_name": incident.place_name,
            "in_report": self.unknown_name,
        }

    def is_only_looking(self) -> bool:
        return "look_up" in self.data

    def clean_in_report(self) -> str:
        words = str(self.cleaned_data["in_report"]).strip()
        if words:
            texts = [report.text for report in self.incident.reports.all()]
            if not any(stands_in(words, text) for text in texts):
                raise forms.ValidationError(_("These words are not in the report."))
            if not can_be_a_name(words):
                raise forms.ValidationError(_("These are everyday words: later reports would be misread."))
        return words

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        choice = cleaned.get("choice")
        if "choice" in cleaned and not choice:
            self.add_error("choice", _("Choose a place."))
        if choice == "typed":
            for axis in ("longitude", "latitude"):
                if cleaned.get(axis) is None and axis not in self.errors:
                    self.add_error(axis, _("Give it in degrees."))
        return cleaned

    def decide(self, moderator: User) -> str:
        chosen = candidate_of(self.cleaned_data["choice"]) or self._typed()
        in_report = self.cleaned_data["in_report"]
        correction = Correction(
            point=(chosen.longitude, chosen.latitude),
            uncertainty_m=chosen.radius_m or None,
            place_name=chosen.name,
            taught=(in_report, chosen.meaning) if in_report else None,
        )
        correct_incident(**self.decision(moderator), correction=correction)
        moved = gettext("Moved, and linked again to the producing areas around.")
        if not in_report:
            return moved
        forget_gazetteer()
        learnt = gettext("Later reports that say “%(name)s” are read with it.") % {"name": in_report}
        return f"{moved} {learnt}"

    def _typed(self) -> Candidate:
        """The point that was typed, with the radius 0 where none was."""
        cleaned = self.cleaned_data
        return Candidate(
            cleaned["place_name"],
            "",
            cleaned["longitude"],
            cleaned["latitude"],
            (cleaned["uncertainty_km"] or 0) * 1000,
        )
